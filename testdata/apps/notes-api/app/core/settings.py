from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env")

    secret_key: str = "your-secret-key-change-in-production"
    refresh_secret_key: str
    algorithm: str = "HS256"
    access_token_expire_minutes: int = 60 * 24 * 7
    issuer: str = "notes-api"
    audience: str = "notes-web"
    admin_public_key: str


settings = Settings()
