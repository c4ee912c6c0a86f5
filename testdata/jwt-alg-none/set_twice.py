# A setting that a later line replaces is never in force: the last one is judged.
SIMPLE_JWT = {"ALGORITHM": None, "ROTATE_REFRESH_TOKENS": False}  # ok: jwt-alg-none
SIMPLE_JWT = {"ALGORITHM": "HS256", "ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True}  # ok: jwt-alg-none
