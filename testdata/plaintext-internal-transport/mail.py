# Settings of the framework for its mail server: the password goes in clear unless one of two switches is on.
import os

INSTALLED_APPS = ["django.contrib.auth"]

EMAIL_HOST = "mail.shop.internal"
EMAIL_HOST_USER = "orders"
EMAIL_HOST_PASSWORD = os.environ["EMAIL_HOST_PASSWORD"]  # finding: plaintext-internal-transport
EMAIL_USE_TLS = False
