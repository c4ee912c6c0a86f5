export QUEUE="amqp://hare:hare@localhost:5672/" # ok: secret-hardcoded
