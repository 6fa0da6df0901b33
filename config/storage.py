"""Where pictures are kept: a folder, or S3-compatible storage."""

from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def file_storage(url: str) -> dict[str, object]:
    """Django's storage for `file://FOLDER`, `s3://KEY:SECRET@HOST/BUCKET?region=…` or `s3+http://…`."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": unquote(parts.path)},
        }
    if parts.scheme in {"s3", "s3+http"}:
        query = parse_qs(parts.query)
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": parts.path.strip("/"),
                "access_key": unquote(parts.username or ""),
                "secret_key": unquote(parts.password or ""),
                "endpoint_url": f"{'http' if parts.scheme == 's3+http' else 'https'}://"
                f"{parts.hostname}" + (f":{parts.port}" if parts.port else ""),
                "region_name": query.get("region", ["us-east-1"])[0],
                "default_acl": None,
                "file_overwrite": True,
                "querystring_auth": False,
            },
        }
    raise ImproperlyConfigured("STORAGE_URL must begin with file://, s3:// or s3+http://.")
