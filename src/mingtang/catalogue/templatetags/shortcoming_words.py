"""What an item lacks (要素缺项), in words: a sentence for each code, and the rule behind it."""

from django.utils.translation import gettext_lazy as _

SHORTCOMINGS = {
    "quality.category-closed": (
        _("这一类审批已于 2015 年 5 月取消，只能标记为历史事项后公开备查"),
        _("国务院 2015 年 5 月取消非行政许可审批类别"),
    ),
    "quality.legacy-misused": (
        _("只有非行政许可审批才能标记为历史事项"),
        _("国务院 2015 年 5 月取消非行政许可审批类别"),
    ),
    "quality.item-type-unknown": (
        _("事项类型不在国家标准的代码表里"),
        _("GB/T 39046-2020 表 A.1"),
    ),
    "quality.category-type-mismatch": (
        _("类别与事项类型不一致：行政许可的类型是 01，其他类别不是"),
        _("GB/T 39046-2020 表 A.1"),
    ),
    "quality.audience-missing": (
        _("没有写明服务对象"),
        _("GB/T 39046-2020 表 A.4"),
    ),
    "quality.audience-unknown": (
        _("服务对象不在国家标准的代码表里"),
        _("GB/T 39046-2020 表 A.4"),
    ),
    "quality.basis-missing": (
        _("没有设定依据"),
        _("行政许可法 第三十条"),
    ),
    "quality.basis-untitled": (
        _("有一条设定依据没有写法规名称"),
        _("行政许可法 第三十条"),
    ),
    "quality.conditions-missing": (
        _("没有受理条件"),
        _("行政许可法 第三十条"),
    ),
    "quality.materials-missing": (
        _("没有申请材料目录"),
        _("行政许可法 第三十条"),
    ),
    "quality.material-unnamed": (
        _("有一份材料没有名称"),
        _("行政许可法 第三十条"),
    ),
    "quality.material-copies-wrong": (
        _("材料份数不能是负数"),
        _("行政许可法 第三十条"),
    ),
    "quality.material-basis-missing": (
        _("材料没有依据，不得要求与许可事项无关的材料"),
        _("行政许可法 第三十一条"),
    ),
    "quality.material-supplied-yet-asked": (
        _("这份材料数据共享能提供，不得再向申请人要。请改为“共享获取”"),
        _("在线政务服务的若干规定 第七条"),
    ),
    "quality.material-supply-unknown": (
        _("资源目录里没有这一条，不能共享获取"),
        _("在线政务服务的若干规定 第七条"),
    ),
    "quality.material-supply-closed": (
        _("这项资源不提供给本部门，不能共享获取"),
        _("政务信息资源共享管理暂行办法 第十条"),
    ),
    "quality.material-supply-missing": (
        _("勾了“共享获取”，还没有选资源目录里的哪一条"),
        _("在线政务服务的若干规定 第七条"),
    ),
    "quality.material-key-repeated": (
        _("两份材料用了同一个标识"),
        _("本平台"),
    ),
    "quality.material-key-malformed": (
        _("材料标识须以字母开头，只用字母、数字、- 和 _"),
        _("本平台"),
    ),
    "quality.situation-key-repeated": (
        _("两个情形用了同一个标识"),
        _("本平台"),
    ),
    "quality.situation-key-malformed": (
        _("情形标识须以字母开头，只用字母、数字、- 和 _"),
        _("本平台"),
    ),
    "quality.situation-options-missing": (
        _("情形至少要有两个选项"),
        _("本平台"),
    ),
    "quality.situation-material-unknown": (
        _("情形的选项指向不存在的材料"),
        _("本平台"),
    ),
    "quality.field-key-repeated": (
        _("申请表有两栏用了同一个名称"),
        _("行政许可法 第三十条"),
    ),
    "quality.field-key-malformed": (
        _("申请表字段名须以字母开头，只用字母、数字、- 和 _"),
        _("本平台"),
    ),
    "quality.field-kind-unknown": (
        _("申请表有一栏的类型不存在"),
        _("本平台"),
    ),
    "quality.field-options-missing": (
        _("申请表的选择栏没有选项"),
        _("行政许可法 第三十条"),
    ),
    "quality.field-unlabelled": (
        _("申请表有一栏没有标题"),
        _("行政许可法 第三十条"),
    ),
    "quality.batch-field-unknown": (
        _("批量申请各行不同的栏里，有一栏不在申请表里"),
        _("行政许可法 第三十条"),
    ),
    "quality.statutory-days-missing": (
        _("没有法定办结时限"),
        _("行政许可法 第三十条、第四十二条"),
    ),
    "quality.promised-days-missing": (
        _("没有承诺办结时限"),
        _("国家事项实施清单要素"),
    ),
    "quality.promised-over-statutory": (
        _("承诺时限超过了法定时限"),
        _("行政许可法 第四十二条"),
    ),
    "quality.steps-missing": (
        _("没有办理环节，只有即办件可以没有"),
        _("行政许可法 第三十条"),
    ),
    "quality.step-unnamed": (
        _("有一个环节没有名称"),
        _("行政许可法 第三十条"),
    ),
    "quality.step-key-repeated": (
        _("两个环节用了同一个标识"),
        _("本平台"),
    ),
    "quality.step-key-malformed": (
        _("环节标识须以字母开头，只用字母、数字、- 和 _"),
        _("本平台"),
    ),
    "quality.step-days-negative": (
        _("环节时限不能是负数"),
        _("行政许可法 第四十二条"),
    ),
    "quality.step-after-unknown": (
        _("环节的前一步不存在"),
        _("本平台"),
    ),
    "quality.step-circular": (
        _("环节互相等待，永远无法开始"),
        _("本平台"),
    ),
    "quality.step-unreachable": (
        _("环节在等永远无法开始的环节"),
        _("本平台"),
    ),
    "quality.step-limits-over-promise": (
        _("各环节时限合计超过了承诺时限"),
        _("事项质量规则 13"),
    ),
    "quality.visits-missing": (
        _("没有写明到现场次数"),
        _("事项质量规则 4"),
    ),
    "quality.visit-reason-missing": (
        _("需要到现场，但没有写明原因"),
        _("事项质量规则 4"),
    ),
    "quality.visit-reason-idle": (
        _("不需要到现场，却写了到现场的原因"),
        _("事项质量规则 4"),
    ),
    "quality.before-incomplete": (
        _("改革前的到现场次数、环节数、印章数要写就都写"),
        _("本平台"),
    ),
    "quality.before-unfounded": (
        _("改革前的数和它的出处要写就都写"),
        _("本平台"),
    ),
    "quality.online-depth-unknown": (
        _("网办深度只有 0 到 4 级"),
        _("事项质量规则 6"),
    ),
    "quality.post-needed": (
        _("不用到现场又不能网上办的，须支持邮寄"),
        _("事项质量规则 5"),
    ),
    "quality.online-yet-visits": (
        _("全程网办（Ⅳ级）不应要求到现场"),
        _("事项质量规则 6"),
    ),
    "quality.referral-incomplete": (
        _("转报须写明机关、办理期限和依据"),
        _("行政许可法 第三十条、第四十三条"),
    ),
    "quality.referral-twice": (
        _("同一个转报机关写了两次"),
        _("一个机关只写一行"),
    ),
    "quality.referral-on-the-spot": (
        _("要转报的事项不能当场办结"),
        _("行政许可法 第四十三条"),
    ),
    "quality.first-review-incomplete": (
        _("初审须写明机关、期限和依据"),
        _("行政许可法 第三十条、第四十三条"),
    ),
    "quality.first-review-too-long": (
        _("初审期限不能超过 20 个工作日"),
        _("行政许可法 第四十三条"),
    ),
    "quality.first-review-own": (
        _("初审机关不能是决定机关自己"),
        _("行政许可法 第四十三条"),
    ),
    "quality.first-review-twice": (
        _("同一个初审机关写了两次"),
        _("一个机关只写一行"),
    ),
    "quality.first-review-on-the-spot": (
        _("要先行初审的事项不能当场办结"),
        _("行政许可法 第四十三条"),
    ),
    "quality.first-review-batches": (
        _("要先行初审的事项不能批量申请"),
        _("逐件报送初步审查意见，行政许可法 第三十五条"),
    ),
    "quality.first-review-adoptable": (
        _("依法由下级初审、上级决定的事项不能开放认领"),
        _("行政许可法 第四十三条"),
    ),
    "quality.reach-not-online": (
        _("全程网办通办的，网办深度应为Ⅳ级"),
        _("国办发〔2020〕35号 跨省通办的三种形式"),
    ),
    "quality.reach-area-missing": (
        _("跨省通办须写明与哪些地方通办"),
        _("国办发〔2020〕35号"),
    ),
    "quality.reach-twice": (
        _("同一种通办写了两次"),
        _("一种形式和范围只写一行"),
    ),
    "quality.fee-basis-missing": (
        _("收费没有依据；没有法律、行政法规依据不得收费"),
        _("行政许可法 第五十八条、第五十九条"),
    ),
    "quality.fee-standard-missing": (
        _("没有收费标准"),
        _("行政许可法 第五十九条"),
    ),
    "quality.free-yet-payment": (
        _("不收费的事项不应提供网上支付"),
        _("事项质量规则 15"),
    ),
    "quality.result-kind-missing": (
        _("写了结果名称，没有选结果类型"),
        _("事项质量规则 3"),
    ),
    "quality.result-missing": (
        _("没有写明审批结果"),
        _("行政许可法 第三十八条、第三十九条"),
    ),
    "quality.result-name-missing": (
        _("没有结果名称"),
        _("事项质量规则 3"),
    ),
    "quality.result-sample-missing": (
        _("没有结果样本"),
        _("事项质量规则 14"),
    ),
    "quality.result-kind-mismatch": (
        _("结果类型与结果名称不一致：批复为批复，证照为出证，公文为出文"),
        _("事项质量规则 2"),
    ),
    "quality.address-missing": (
        _("没有办理地点"),
        _("国家事项实施清单要素"),
    ),
    "quality.address-imprecise": (
        _("办理地点须写到窗口或房间"),
        _("事项质量规则 9"),
    ),
    "quality.hours-missing": (
        _("没有办理时间"),
        _("国家事项实施清单要素"),
    ),
    "quality.hours-unclear": (
        _("办理时间须写明是工作日还是 24 小时"),
        _("事项质量规则 8"),
    ),
    "quality.enquiry-phone-missing": (
        _("没有咨询电话"),
        _("事项质量规则 7"),
    ),
    "quality.complaint-phone-missing": (
        _("没有投诉电话"),
        _("事项质量规则 7"),
    ),
    "quality.phone-without-area-code": (
        _("电话须带区号，例如 0990-1234567"),
        _("事项质量规则 7"),
    ),
    "quality.phones-alike": (
        _("投诉电话不能与咨询电话相同"),
        _("事项质量规则 7"),
    ),
    "quality.questions-missing": (
        _("行政许可至少要有一个常见问题"),
        _("事项质量规则 11"),
    ),
    "quality.question-unanswered": (
        _("有一个常见问题没有写全"),
        _("事项质量规则 11"),
    ),
}
