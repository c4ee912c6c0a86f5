# Settings of the framework for its mail server: whether they send a password in clear hangs on two switches that
# exclude each other, which a role cannot say yet.
import os

INSTALLED_APPS = ["django.contrib.auth"]

EMAIL_HOST = "mail.shop.internal"
EMAIL_HOST_USER = "orders"
EMAIL_HOST_PASSWORD = os.environ["EMAIL_HOST_PASSWORD"]  # todo-finding: plaintext-internal-transport
EMAIL_USE_TLS = False
