"""/directory/… and /introductions/…"""

from django.urls import path

from .views import introductions, listing, officers, suppliers

app_name = "directory"

urlpatterns = [
    path("directory/", suppliers.suppliers, name="suppliers"),
    path("directory/suppliers/<slug:slug>/", suppliers.supplier, name="supplier"),
    path("directory/suppliers/<slug:slug>/ask/", introductions.ask_supplier, name="ask_supplier"),
    path("directory/officers/", officers.officers, name="officers"),
    path("directory/officers/<uuid:public_id>/", officers.officer, name="officer"),
    path("directory/listing/", listing.own, name="own_listing"),
    path("directory/listing/edit/", listing.edit, name="edit_listing"),
    path("directory/listing/submit/", listing.send, name="submit_listing"),
    path("directory/listing/withdraw/", listing.withdraw, name="withdraw_listing"),
    path("directory/my-listing/", officers.own, name="own_officer_listing"),
    path("directory/my-listing/leave/", officers.leave, name="leave"),
    path("introductions/", introductions.introductions, name="introductions"),
    path("introductions/new/", introductions.new, name="new_introduction"),
    path("introductions/<int:introduction_id>/", introductions.introduction, name="introduction"),
    path("introductions/<int:introduction_id>/edit/", introductions.edit, name="edit_introduction"),
    path("introductions/<int:introduction_id>/submit/", introductions.send, name="submit_introduction"),
    path("introductions/<int:introduction_id>/withdraw/", introductions.withdraw, name="withdraw_introduction"),
    path("introductions/<int:introduction_id>/accept/", introductions.accept, name="accept_introduction"),
    path("introductions/<int:introduction_id>/decline/", introductions.decline, name="decline_introduction"),
    path("introductions/<int:introduction_id>/not-now/", introductions.not_now, name="not_now_introduction"),
]
