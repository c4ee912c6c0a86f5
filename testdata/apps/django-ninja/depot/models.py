from django.db import models


class Device(models.Model):
    token = models.CharField(max_length=64)
