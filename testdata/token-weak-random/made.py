import random
import secrets
import string


def random_text(length):
    return "".join(random.choice(string.ascii_letters) for _ in range(length))  # finding: token-weak-random


def forgot(user):
    user.reset_token = random_text(32)
    user.save()


def pick_password(passwords):
    password = random.choice(passwords)  # ok: token-weak-random
    return password


def mixed():
    letters = [secrets.choice(string.ascii_letters) for _ in range(16)]
    random.shuffle(letters)  # ok: token-weak-random
    password = "".join(letters)
    return password


def refresh_token(client):
    if random.random() < 0.5:  # ok: token-weak-random
        client.prune()
    return client.refresh()
