import os

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = os.environ.get("DEBUG") == "1"
ROOT_URLCONF = "bookshop.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.sessions", "library", "desk"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bookshop.middleware.LastSeen",
]
