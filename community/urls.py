from django.urls import path

from .views import memberships, posts, spaces, threads

app_name = "community"

urlpatterns = [
    path("community/", spaces.community, name="community"),
    path("community/tags/<slug:slug>/", spaces.tag, name="tag"),
    path("community/<slug:slug>/", spaces.space, name="space"),
    path("community/<slug:slug>/members/", memberships.memberships, name="memberships"),
    path("community/<slug:slug>/members/leave/", memberships.leave, name="leave"),
    path("community/<slug:slug>/members/<int:member_id>/remove/", memberships.remove, name="remove_member"),
    path("community/<slug:slug>/start/", threads.start, name="start"),
    path("threads/<int:thread_id>/", threads.thread),
    path("threads/<int:thread_id>/changes/", threads.changes, name="changes"),
    path("threads/<int:thread_id>/reply/", threads.reply, name="reply"),
    path("threads/<int:thread_id>/edit/", threads.edit, name="edit_thread"),
    path("threads/<int:thread_id>/pin/", threads.pin, name="pin"),
    path("threads/<int:thread_id>/lock/", threads.lock, name="lock"),
    path("threads/<int:thread_id>/mentionable/", threads.mentionable, name="mentionable"),
    path("threads/<int:thread_id>/read/", threads.read, name="read"),
    path("threads/<int:thread_id>/<slug:slug>/", threads.thread, name="thread"),
    path("posts/preview/", posts.preview, name="preview"),
    path("posts/<int:post_id>/", posts.post, name="post"),
    path("posts/<int:post_id>/history/", posts.history, name="history"),
    path("posts/<int:post_id>/edit/", posts.edit, name="edit"),
    path("posts/<int:post_id>/delete/", posts.delete, name="delete"),
]
