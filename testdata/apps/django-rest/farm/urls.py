from django.urls import include, path
from rest_framework_nested import routers

from plots import views

router = routers.DefaultRouter()
router.register(r"plots", views.PlotViewSet, basename="plot")
router.register(r"seeds", views.SeedViewSet)
router.register(r"tools", views.ToolViewSet)
router.register(r"weather", views.WeatherViewSet, basename="weather")

beds = routers.NestedDefaultRouter(router, r"plots", lookup="plot")
beds.register(r"beds", views.BedViewSet, basename="bed")

urlpatterns = [
    path("api/v1/", include([path("", include(router.urls)), path("", include(beds.urls))])),
    path("api/v1/harvest/", views.HarvestList.as_view()),
    path("api/v1/harvest/<int:pk>/", views.HarvestDetail.as_view()),
    path("api/v1/seeds/<int:pk>/sow/", views.SeedViewSet.as_view({"post": "create", "get": "retrieve"})),
    path("api/v1/ping/", views.ping),
    path("api/v1/swap/", views.swap),
    path("api/v1/whoami/", views.Whoami.as_view()),
    path("api/v1/lost/", views.Lost.as_view()),
    path("about/", views.about),
]
