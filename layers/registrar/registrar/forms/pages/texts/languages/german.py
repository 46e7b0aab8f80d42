"""The texts in German; the reader is addressed as "Sie"."""

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

GERMAN: Final = Texts(
    webinar=Nouns("das Webinar", "des Webinars", "für das Webinar"),
    meeting=Nouns("das Meeting", "des Meetings", "für das Meeting"),
    colon=": ",
    gap=" ",
    dates=DateTexts(
        start="Beginn",
        duration="Dauer",
        your_time="Ihre Ortszeit",
        weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
        months=(
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ),
        first_day="1",
        moment="{weekday}, {day}. {month} {year}, {hour}:{minute} Uhr",
        hours=("{} Stunde", "{} Stunden"),
        minutes=("{} Minute", "{} Minuten"),
    ),
    form=FormTexts(
        heading="Anmeldung {for_the}",
        title="{topic} – Anmeldung",
        required="(Pflichtfeld)",
        required_note="Bitte füllen Sie alle Felder aus, die mit „(Pflichtfeld)“ gekennzeichnet sind.",
        please_choose="Bitte wählen",
        several="Sie können mehrere auswählen.",
        one_date="An welchem Termin möchten Sie teilnehmen?",
        several_dates="An welchen Terminen möchten Sie teilnehmen?",
        is_family_name_first=False,
        submit="Anmelden",
        needs_javascript="Dieses Formular prüft, ob es von einem Menschen ausgefüllt wird, und braucht dafür "
        "JavaScript. Bitte schalten Sie JavaScript ein, oder bitten Sie das Organisationsteam, Sie anzumelden.",
        labels=LabelTexts(
            email="E-Mail",
            first_name="Vorname",
            last_name="Nachname",
            address="Straße und Hausnummer",
            city="Ort",
            country="Land oder Region",
            zip="Postleitzahl",
            state="Bundesland oder Kanton",
            phone="Telefon",
            industry="Branche",
            org="Organisation",
            job_title="Position",
            purchasing_time_frame="Wann planen Sie den Kauf?",
            role_in_purchase_process="Ihre Rolle bei der Kaufentscheidung",
            no_of_employees="Anzahl der Beschäftigten",
            comments="Fragen und Anmerkungen",
        ),
        choices=ChoiceTexts(
            within_a_month="Innerhalb eines Monats",
            months_1_3="In 1 bis 3 Monaten",
            months_4_6="In 4 bis 6 Monaten",
            more_than_6_months="In mehr als 6 Monaten",
            no_timeframe="Noch nicht geplant",
            decision_maker="Ich entscheide",
            evaluator="Ich prüfe oder empfehle",
            influencer="Ich habe Einfluss",
            not_involved="Ich bin nicht beteiligt",
            more_than_10_000="Mehr als 10.000",
        ),
    ),
    errors=ErrorTexts(
        prefix="Fehler",
        heading="Bitte prüfen Sie Ihre Angaben",
        required="Bitte füllen Sie dieses Feld aus.",
        choose="Bitte wählen Sie eine Antwort.",
        email="Bitte geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com.",
        invisible="Die Adresse enthält ein unsichtbares Zeichen. Bitte tippen Sie die Adresse ein, statt sie "
        "einzufügen.",
        too_long="Bitte verwenden Sie höchstens {most} Zeichen.",
        control_characters="Bitte entfernen Sie die Sonderzeichen, die nicht angezeigt werden können.",
        not_a_choice="Bitte wählen Sie eine der angebotenen Antworten.",
        country="Bitte wählen Sie ein Land oder eine Region aus der Liste.",
        repeated="Diese Angabe kam mehrfach an. Bitte geben Sie sie nur einmal an.",
        date="Bitte wählen Sie einen Termin.",
        human="Bitte bestätigen Sie, dass Sie ein Mensch sind, und senden Sie das Formular dann noch einmal ab.",
        webinar="Hier ist keine Anmeldung {for_the} möglich. Bitte geben Sie dem Organisationsteam Bescheid.",
        other="Bitte prüfen Sie diese Angabe.",
        busy="Wir konnten Ihre Anmeldung gerade nicht annehmen. Ihre Angaben sind noch da: Bitte senden Sie das "
        "Formular in ein paar Sekunden noch einmal ab.",
    ),
    status=StatusTexts(
        queued_title="Vielen Dank. Ihre Anmeldung ist bei uns eingegangen.",
        queued="Wir melden Sie jetzt {for_the} an. Das dauert meist weniger als eine Minute.",
        registered_title="Sie sind angemeldet.",
        registered="Ihre Anmeldung {for_the} ist bestätigt.",
        pending_title="Ihre Anmeldung wartet auf Freigabe.",
        pending="Über die Teilnahme entscheidet das Organisationsteam {of_the}. Sobald die Entscheidung gefallen "
        "ist, erhalten Sie eine E-Mail.",
        deferred_title="Ihre Anmeldung dauert etwas länger.",
        next_try="Der nächste Versuch ist am {when}.",
        nothing_to_do="Sie brauchen nichts zu tun. Wir versuchen es weiter; bitte melden Sie sich nicht noch einmal "
        "an.",
        rejected_title="Wir konnten Sie nicht anmelden.",
        link=LinkTexts(
            zoom="Ihren persönlichen Teilnahmelink erhalten Sie per E-Mail von Zoom.",
            organizer="Ihren persönlichen Teilnahmelink erhalten Sie per E-Mail vom Organisationsteam.",
            unknown="Ihren persönlichen Teilnahmelink erhalten Sie per E-Mail, von Zoom oder vom Organisationsteam.",
            once_registered="Er wird verschickt, sobald Sie angemeldet sind.",
            once_approved="Er wird verschickt, sobald Ihre Anmeldung freigegeben ist.",
            spam="Falls die E-Mail nach einer Stunde nicht da ist, sehen Sie bitte im Spam-Ordner nach, und fragen "
            "Sie dann das Organisationsteam.",
        ),
        deferred=DeferredTexts(
            busy="Zoom kann Ihre Anmeldung im Moment nicht annehmen.",
            registrant_limit="Zoom erlaubt pro Person nur wenige Versuche am Tag, und die heutigen sind aufgebraucht.",
            account_limit="Zoom nimmt heute keine weiteren Anmeldungen an. Morgen geht es weiter.",
            unconfirmed="Zoom hat Ihre Anmeldung noch nicht bestätigt.",
            seats="Im Moment sind alle Plätze belegt. Wir versuchen es noch einmal, falls einer frei wird.",
        ),
        rejected=RejectedTexts(
            over="{The} ist schon vorbei.",
            full="Alle Plätze {of_the} sind belegt. Das Organisationsteam kann Ihnen sagen, ob noch welche frei "
            "werden.",
            off="Die Anmeldung {for_the} ist abgeschaltet. Bitte fragen Sie das Organisationsteam, wie Sie "
            "teilnehmen können.",
            gone="Zoom kann {the} nicht finden. Möglicherweise wurde es abgesagt. Bitte fragen Sie das "
            "Organisationsteam.",
            paid="Die Teilnahme kostet etwas, und Zoom nimmt solche Anmeldungen nur auf der eigenen Seite an. Bitte "
            "fragen Sie das Organisationsteam nach der Adresse.",
            host="Diese E-Mail-Adresse gehört zu den Gastgebern oder Vortragenden {of_the}; für sie ist keine "
            "Anmeldung nötig. Bitte benutzen Sie den Link in Ihrer eigenen Einladung, oder melden Sie sich mit "
            "einer anderen Adresse an.",
            email="Das Organisationsteam lässt diese E-Mail-Adresse nicht zu. Bitte melden Sie sich mit einer "
            "anderen an, zum Beispiel mit Ihrer beruflichen.",
            invalid="Eine Angabe fehlt, oder Zoom nimmt sie nicht an. Bitte melden Sie sich noch einmal an, und "
            "prüfen Sie jedes Feld.",
            refused="Zoom hat diese Anmeldung nicht angenommen. Bitte wenden Sie sich an das Organisationsteam, und "
            "nennen Sie die Referenz unten.",
            technical="Die Anmeldung ließ sich aus technischen Gründen nicht rechtzeitig abschließen. Bitte wenden "
            "Sie sich an das Organisationsteam, und nennen Sie die Referenz unten.",
        ),
        reference="Referenz",
        refreshes="Diese Seite aktualisiert sich selbst.",
        check_now="Jetzt nachsehen",
        back="Zurück zum Anmeldeformular",
    ),
    messages=MessageTexts(
        closed_title="Die Anmeldung ist geschlossen",
        over="{The} ist schon vorbei.",
        full="Alle Plätze {of_the} sind belegt.",
        off="Eine Anmeldung {for_the} ist nicht möglich.",
        ask_organizer="Wenn Sie Fragen haben, wenden Sie sich bitte an das Organisationsteam.",
        not_found_title="Unter dieser Adresse gibt es keine Anmeldeseite",
        not_found="Vielleicht ist der Link unvollständig oder veraltet. Bitte prüfen Sie ihn, oder bitten Sie das "
        "Organisationsteam um einen neuen.",
        unknown_title="Diese Anmeldung ist uns nicht bekannt",
        unknown="Vielleicht ist der Link unvollständig, oder die Anmeldung liegt mehr als 30 Tage zurück. Wenn Sie "
        "Fragen haben, wenden Sie sich bitte an das Organisationsteam.",
        broken_title="Dieses Formular funktioniert nicht",
        broken="Sie sind nicht angemeldet. An Ihren Angaben liegt es nicht: Das Formular ist falsch eingerichtet. "
        "Bitte geben Sie dem Organisationsteam Bescheid.",
        for_the_maker="Für die Person, die das Formular erstellt hat:",
        unreadable_title="Das lässt sich gerade nicht anzeigen",
        unreadable="Ihre Anmeldung ist davon nicht betroffen. Bitte versuchen Sie es in ein paar Sekunden noch einmal.",
        no_connection="Keine Verbindung. Bitte versuchen Sie es noch einmal.",
    ),
)
