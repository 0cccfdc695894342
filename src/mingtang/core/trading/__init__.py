"""Trading of public resources (公共资源交易): kinds, procedures, and what is known of projects."""
