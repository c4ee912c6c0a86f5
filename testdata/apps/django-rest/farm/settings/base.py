ROOT_URLCONF = "farm.urls"
MIDDLEWARE = ["django.contrib.auth.middleware.LoginRequiredMiddleware"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["farm.permissions.Member"],
}
