class User:
    @staticmethod
    def register(name, password, mail):
        return name, password, mail

    def rename(self, name, title):
        return self, name, title


def create_account(name, password):
    return name, password


def seed():
    User.register("admin", "pass1", "admin@shop.internal")  # finding: secret-hardcoded
    User.register("kim", read_password(), "kim@shop.internal")
    User().rename("pass1", "password1")
    create_account("admin", "Password")  # ok: secret-hardcoded
    create_account("admin", "{password}")  # ok: secret-hardcoded
    create_account("root", "hunter2024")  # finding: secret-hardcoded
