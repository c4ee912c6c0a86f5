def seed(cursor, name, digest):
    cursor.execute("INSERT INTO users (username, password) VALUES ('admin', 'admin123')")  # finding: secret-hardcoded
    cursor.execute("insert into accounts (id, name, password) values (1, 'o''neil', 'a,b)c-7'), (2, 'kim', 'x')")  # finding: secret-hardcoded
    cursor.execute("INSERT INTO users (username, password) VALUES (?, ?)", (name, digest))  # ok: secret-hardcoded
    cursor.execute("INSERT INTO users (username, password) VALUES ('admin', '$2b$12$C6UzMDM.H6dfI/f/IKcEeO')")  # ok: secret-hardcoded
    cursor.execute("INSERT INTO users (username, password) VALUES ('admin', '5f4dcc3b5aa765d61d8327deb882cf99')")  # ok: secret-hardcoded
    cursor.execute("INSERT INTO users (username, password_hash) VALUES ('admin', 'admin123')")  # ok: secret-hardcoded
    cursor.execute("INSERT INTO labels (key, text) VALUES ('password', 'Kennwort12')")  # ok: secret-hardcoded
