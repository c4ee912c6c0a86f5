import os


class Config:
    SECRET_KEY = os.environ["SECRET_KEY"]
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_HTTPONLY = True


class DevelopmentConfig(Config):
    SESSION_COOKIE_SECURE = False  # ok: session-weak


class TestingConfig(Config):
    SESSION_COOKIE_SECURE = False  # ok: session-weak
