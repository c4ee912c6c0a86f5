from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    API_PREFIX: str = "/api/v1"
    SECRET_KEY: str
    CRON_KEY: str


settings = Settings()
