import os

SECRET = os.environ["SECRET"]
