app_name = "intermediaries"
urlpatterns = []
