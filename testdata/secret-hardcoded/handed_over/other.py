from users import create_account


def add(first, second):
    return create_account(first, second)


add("password", "pass1")
create_account("ops", "s3rver-room")  # finding: secret-hardcoded
