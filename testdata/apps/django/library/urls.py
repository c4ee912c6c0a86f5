from django.urls import path

from . import views

app_name = "library"

urlpatterns = [
    path("", views.Catalogue.as_view()),
    path("<slug:slug>/", views.Book.as_view()),
    path("<slug:slug>/reserve/", views.Reserve.as_view()),
    path("<slug:slug>/edit/", views.Edit.as_view()),
    path("<slug:slug>/remove/", views.Remove.as_view()),
    path("<slug:slug>/notes/", views.Notes.as_view()),
    path("<slug:slug>/copies/", views.Copies.as_view()),
]
