from .security import create_access_token, create_refresh_token, decode_access_token
from .settings import settings

__all__ = ["create_access_token", "create_refresh_token", "decode_access_token", "settings"]
