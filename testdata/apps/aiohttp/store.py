class Session:
    user = None


async def find_session(session_id):
    return Session() if session_id else None


async def find_key(key):
    return key
