TOKEN_MANAGER = "manager.TokenManager"
