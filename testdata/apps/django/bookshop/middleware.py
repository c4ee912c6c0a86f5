class LastSeen:
    """Remembers when a member was here; stops nobody."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            request.session["seen"] = True
        return self.get_response(request)
