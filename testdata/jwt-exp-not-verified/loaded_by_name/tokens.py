import settings
from loader import import_string

# The class is named by a text in the settings: which one it is, the call below does not say.
manager = import_string(settings.TOKEN_MANAGER)


def read(token):
    return manager.decode(token, verify_expiration=False)  # todo-finding: jwt-exp-not-verified
