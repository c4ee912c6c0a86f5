from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env")

    private_key: str
    public_key: str
    refresh_secret_key: str
    access_token_expire_minutes: int = 15
    issuer: str = "https://login.notes.example"
    audience: str = "notes-web"
    admin_public_key: str


settings = Settings()
