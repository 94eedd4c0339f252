"""What pages, mails and the CMS show: made of what access lets the viewer know, and of nothing else."""
