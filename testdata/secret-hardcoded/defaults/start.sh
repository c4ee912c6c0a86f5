export QUEUE="amqp://hare:hare@127.0.0.1:5672/" # ok: secret-hardcoded
export ORDERS="amqp://hare:9vT2kQ7r@queue.internal:5672/" # finding: secret-hardcoded
