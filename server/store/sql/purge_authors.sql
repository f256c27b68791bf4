-- What was decided, when and by which role stays.
with moderated as (
    update moderation set auteur = '' where territoire = @territoire and auteur <> '' and at < @before
), followed as (
    update suivi_decision set auteur = '' where territoire = @territoire and auteur <> '' and at < @before
)
update organisation_link set created_by = '' where territoire = @territoire and created_by <> '' and created_at < @before
