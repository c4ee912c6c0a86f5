from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    verify_tls: bool = True
    billing_verify_tls: bool = False  # finding: tls-verification-disabled


settings = Settings()
