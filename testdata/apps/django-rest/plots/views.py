from django.http import HttpResponse
from rest_framework import generics, mixins, viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.permissions import AllowAny, IsAdminUser, IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.response import Response
from rest_framework.views import APIView

from farm.permissions import Grower, LookOnly, Member, Nobody, Present


class PlotViewSet(viewsets.ModelViewSet):
    """What each action asks for is chosen by its name."""

    def get_permissions(self):
        if self.action == "list":
            classes = [AllowAny]
        elif self.action in ["update", "partial_update", "destroy"]:
            classes = [IsAdminUser]
        else:
            classes = [Grower]
        return [each() for each in classes]

    @action(detail=True, methods=["post"])
    def water(self, request, pk=None):
        return Response({"watered": pk})

    @action(detail=False, methods=["get"], url_path="on-offer", permission_classes=[AllowAny])
    def offers(self, request):
        return Response([])


class SeedViewSet(mixins.CreateModelMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    permission_classes = [IsAuthenticatedOrReadOnly]


class ToolViewSet(viewsets.ModelViewSet):
    permission_classes = [Grower & (IsAdminUser | LookOnly)]
    http_method_names = ["get", "delete"]


class WeatherViewSet(viewsets.ViewSet):
    for_everybody = True

    def list(self, request):
        return Response([])


class BedViewSet(viewsets.ReadOnlyModelViewSet):
    """Says nothing: the settings decide."""


class HarvestList(generics.ListCreateAPIView):
    permission_classes = (Present,)


class HarvestDetail(generics.RetrieveUpdateDestroyAPIView):
    permission_classes = [Member]

    def get_permissions(self):
        if self.request.method == "DELETE":
            return [Nobody()]
        return super().get_permissions()


@api_view(["GET"])
@permission_classes([])
def ping(request):
    return Response("pong")


@api_view(["POST", "PUT"])
def swap(request):
    return Response({})


class Whoami(APIView):
    authentication_classes = []

    def get(self, request):
        return Response(str(request.user))


class Lost(APIView):
    permission_classes = []

    def delete(self, request):
        return Response(status=204)


def about(request):
    return HttpResponse("about")
