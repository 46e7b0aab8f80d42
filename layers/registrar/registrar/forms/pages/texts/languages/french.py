"""The texts in French; the reader is addressed as "vous"."""

from typing import Final

from registrar.forms.pages.texts.catalogue import (
    ChoiceTexts,
    DateTexts,
    DeferredTexts,
    ErrorTexts,
    FormTexts,
    LabelTexts,
    LinkTexts,
    MessageTexts,
    Nouns,
    RejectedTexts,
    StatusTexts,
    Texts,
)

FRENCH: Final = Texts(
    webinar=Nouns("le webinaire", "du webinaire", "au webinaire"),
    meeting=Nouns("la réunion", "de la réunion", "à la réunion"),
    colon="\u00a0: ",
    gap=" ",
    dates=DateTexts(
        start="Début",
        duration="Durée",
        your_time="Votre heure locale",
        weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        months=(
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ),
        first_day="1er",
        moment="{weekday} {day} {month} {year} à {hour}\u00a0h\u00a0{minute}",
        hours=("{} heure", "{} heures"),
        minutes=("{} minute", "{} minutes"),
    ),
    form=FormTexts(
        heading="Inscription {for_the}",
        title="{topic} – inscription",
        required="(obligatoire)",
        required_note="Veuillez remplir tout ce qui porte la mention «\u00a0(obligatoire)\u00a0».",
        please_choose="Veuillez choisir",
        several="Vous pouvez choisir plusieurs options.",
        one_date="À quelle date souhaitez-vous participer\u00a0?",
        several_dates="À quelles dates souhaitez-vous participer\u00a0?",
        is_family_name_first=False,
        submit="S’inscrire",
        needs_javascript="Ce formulaire vérifie qu’il est rempli par une personne et a besoin de JavaScript pour "
        "cela. Veuillez activer JavaScript ou demander à l’équipe organisatrice de vous inscrire.",
        labels=LabelTexts(
            email="Adresse e-mail",
            first_name="Prénom",
            last_name="Nom",
            address="Adresse",
            city="Ville",
            country="Pays ou région",
            zip="Code postal",
            state="Région ou province",
            phone="Téléphone",
            industry="Secteur d’activité",
            org="Organisation",
            job_title="Fonction",
            purchasing_time_frame="Quand prévoyez-vous d’acheter\u00a0?",
            role_in_purchase_process="Votre rôle dans la décision d’achat",
            no_of_employees="Nombre d’employés",
            comments="Questions et commentaires",
        ),
        choices=ChoiceTexts(
            within_a_month="D’ici un mois",
            months_1_3="Dans 1 à 3 mois",
            months_4_6="Dans 4 à 6 mois",
            more_than_6_months="Dans plus de 6 mois",
            no_timeframe="Pas encore prévu",
            decision_maker="Je décide",
            evaluator="J’évalue ou je recommande",
            influencer="J’ai une influence",
            not_involved="Je ne participe pas à la décision",
            more_than_10_000="Plus de 10\u202f000",
        ),
    ),
    errors=ErrorTexts(
        prefix="Erreur",
        heading="Veuillez vérifier votre saisie",
        required="Veuillez remplir ce champ.",
        choose="Veuillez choisir une réponse.",
        email="Veuillez saisir une adresse e-mail, par exemple name@example.com.",
        invisible="L’adresse contient un caractère invisible. Veuillez la taper au lieu de la coller.",
        too_long="Veuillez saisir au plus {most} caractères.",
        control_characters="Veuillez retirer les caractères spéciaux qui ne peuvent pas s’afficher.",
        not_a_choice="Veuillez choisir l’une des réponses proposées.",
        country="Veuillez choisir un pays ou une région dans la liste.",
        repeated="Cette information est arrivée plusieurs fois. Veuillez ne l’indiquer qu’une fois.",
        date="Veuillez choisir une date.",
        human="Veuillez confirmer que vous êtes une personne, puis envoyer de nouveau le formulaire.",
        webinar="L’inscription {for_the} n’est pas possible ici. Veuillez prévenir l’équipe organisatrice.",
        other="Veuillez vérifier cette information.",
        busy="Nous n’avons pas pu accepter votre inscription à l’instant. Votre saisie est toujours là\u00a0: "
        "veuillez envoyer de nouveau le formulaire dans quelques secondes.",
    ),
    status=StatusTexts(
        queued_title="Merci. Nous avons reçu votre inscription.",
        queued="Nous vous inscrivons maintenant {for_the}. Cela prend en général moins d’une minute.",
        registered_title="Votre inscription est confirmée.",
        registered="Votre place {for_the} est réservée.",
        pending_title="Votre inscription attend une validation.",
        pending="L’équipe organisatrice {of_the} décide qui participe. Vous recevrez un e-mail dès qu’elle aura "
        "décidé.",
        deferred_title="Votre inscription prend un peu plus de temps.",
        next_try="La prochaine tentative aura lieu le {when}.",
        nothing_to_do="Vous n’avez rien à faire. Nous continuons nos tentatives\u00a0; veuillez ne pas vous inscrire "
        "de nouveau.",
        rejected_title="Nous n’avons pas pu vous inscrire.",
        link=LinkTexts(
            zoom="Votre lien personnel arrive dans un e-mail de Zoom.",
            organizer="Votre lien personnel arrive dans un e-mail de l’équipe organisatrice.",
            unknown="Votre lien personnel arrive par e-mail, de Zoom ou de l’équipe organisatrice.",
            once_registered="Il est envoyé dès que votre inscription est confirmée.",
            once_approved="Il est envoyé dès que votre inscription est validée.",
            spam="Si vous ne le trouvez pas au bout d’une heure, veuillez regarder dans vos courriers indésirables, "
            "puis contacter l’équipe organisatrice.",
        ),
        deferred=DeferredTexts(
            busy="Zoom ne peut pas accepter votre inscription pour le moment.",
            registrant_limit="Zoom n’autorise que quelques tentatives par jour et par personne, et celles "
            "d’aujourd’hui sont épuisées.",
            account_limit="Zoom n’accepte plus d’inscriptions aujourd’hui. Nous continuerons demain.",
            unconfirmed="Zoom n’a pas encore confirmé votre inscription.",
            seats="Toutes les places sont prises pour le moment. Nous essayerons encore une fois, au cas où une "
            "place se libérerait.",
        ),
        rejected=RejectedTexts(
            over="{The} a déjà eu lieu.",
            full="Toutes les places {of_the} sont prises. L’équipe organisatrice peut vous dire si d’autres se "
            "libéreront.",
            off="L’inscription {for_the} est désactivée. Veuillez demander à l’équipe organisatrice comment "
            "participer.",
            gone="Zoom ne trouve pas {the}. L’événement a peut-être été annulé. Veuillez contacter l’équipe "
            "organisatrice.",
            paid="La participation est payante, et Zoom n’accepte ces inscriptions que sur sa propre page. Veuillez "
            "en demander l’adresse à l’équipe organisatrice.",
            host="Cette adresse e-mail est celle d’un hôte ou d’un intervenant {of_the}, qui n’a pas besoin de "
            "s’inscrire. Veuillez utiliser le lien de votre propre invitation, ou vous inscrire avec une autre "
            "adresse.",
            email="L’équipe organisatrice n’accepte pas cette adresse e-mail. Veuillez vous inscrire avec une "
            "autre, par exemple votre adresse professionnelle.",
            invalid="Il manque une information, ou Zoom ne l’accepte pas. Veuillez vous inscrire de nouveau et "
            "vérifier chaque champ.",
            refused="Zoom n’a pas accepté cette inscription. Veuillez contacter l’équipe organisatrice et lui "
            "donner la référence ci-dessous.",
            technical="Pour des raisons techniques, l’inscription n’a pas pu aboutir à temps. Veuillez contacter "
            "l’équipe organisatrice et lui donner la référence ci-dessous.",
        ),
        reference="Référence",
        refreshes="Cette page se met à jour d’elle-même.",
        check_now="Vérifier maintenant",
        back="Retour au formulaire d’inscription",
    ),
    messages=MessageTexts(
        closed_title="Les inscriptions sont closes",
        over="{The} a déjà eu lieu.",
        full="Toutes les places {of_the} sont prises.",
        off="Il n’est pas possible de s’inscrire {for_the}.",
        ask_organizer="Si vous avez des questions, veuillez contacter l’équipe organisatrice.",
        not_found_title="Il n’y a pas de page d’inscription à cette adresse",
        not_found="Le lien est peut-être incomplet ou périmé. Veuillez le vérifier, ou en demander un nouveau à "
        "l’équipe organisatrice.",
        unknown_title="Nous ne connaissons pas cette inscription",
        unknown="Le lien est peut-être incomplet, ou l’inscription date de plus de 30 jours. Si vous avez des "
        "questions, veuillez contacter l’équipe organisatrice.",
        broken_title="Ce formulaire ne fonctionne pas",
        broken="Votre inscription n’a pas été prise en compte. Votre saisie n’est pas en cause\u00a0: le formulaire "
        "est mal configuré. Veuillez prévenir l’équipe organisatrice.",
        for_the_maker="Pour la personne qui a créé le formulaire\u00a0:",
        unreadable_title="Impossible d’afficher cette page pour le moment",
        unreadable="Votre inscription n’est pas concernée. Veuillez réessayer dans quelques secondes.",
        no_connection="Pas de connexion. Veuillez réessayer.",
    ),
)
