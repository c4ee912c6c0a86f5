email_pwd = "mail-box-7"  # finding: secret-hardcoded
CRYPTOGRAPHY_KEY = "weak"  # finding: secret-hardcoded


# A text that ends with the name of its variable is how forms, columns and selectors are called. A password that is
# spelt like that is not told from them.
class Login:
    password = "class_password"  # todo-finding: secret-hardcoded


def connect(user, password="Admin"):  # finding: secret-hardcoded
    return user, password


def label(password="Password"):  # ok: secret-hardcoded
    return password


answer = {"status": "success", "password": "Changed."}  # ok: secret-hardcoded
