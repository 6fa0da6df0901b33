"""References first, so that finding one costs next to nothing; then the whole site."""

from django.urls import include, path

from bench import references

urlpatterns = [
    path("bench/bare/", references.same_bytes),
    path("bench/plain/threads/", references.plain_threads),
    path("bench/plain/wishes/", references.plain_wishes),
    path("bench/plain/<int:pk>/", references.plain_thread),
    path("", include("config.urls")),
]
