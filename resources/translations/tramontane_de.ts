<?xml version="1.0" encoding="utf-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>Languages</name>
    <message>
        <source>Like the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
</context>
<context>
    <name>TranscriptItems</name>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>Auf diesem Rechner</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::Banners</name>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>The machine policy cannot be used.</source>
        <translation>Die Richtlinie dieses Rechners ist nicht verwendbar.</translation>
    </message>
    <message>
        <source>Until an administrator repairs it the strictest rules apply. %1</source>
        <translation>Bis die Administration sie repariert, gelten die strengsten Regeln. %1</translation>
    </message>
    <message>
        <source>Nothing can be asked right now: the log cannot be written.</source>
        <translation>Im Moment kann nichts gefragt werden: Das Protokoll lässt sich nicht schreiben.</translation>
    </message>
    <message>
        <source>Reading and searching go on working. %1</source>
        <translation>Lesen und Suchen gehen weiter. %1</translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation>Wird versucht…</translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s) were cut off when the program last ended.</source>
        <translation>
            <numerusform>Eine Antwort wurde abgebrochen, als das Programm zuletzt endete.</numerusform>
            <numerusform>%n Antworten wurden abgebrochen, als das Programm zuletzt endete.</numerusform>
        </translation>
    </message>
    <message>
        <source>What had been written is saved and marked as cut off.</source>
        <translation>Was geschrieben war, ist gespeichert und als abgebrochen gekennzeichnet.</translation>
    </message>
    <message>
        <source>The organisation&apos;s key has changed.</source>
        <translation>Der Schlüssel der Organisation hat sich geändert.</translation>
    </message>
    <message>
        <source>Keep it open</source>
        <translation>Offen lassen</translation>
    </message>
    <message>
        <source>The vault locks in one minute.</source>
        <translation>Der Tresor wird in einer Minute gesperrt.</translation>
    </message>
    <message numerus="yes">
        <source>The vault locks in %n second(s).</source>
        <translation>
            <numerusform>Der Tresor wird in %n Sekunde gesperrt.</numerusform>
            <numerusform>Der Tresor wird in %n Sekunden gesperrt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Nobody has used this window for a while. It locks after %n minute(s).</source>
        <translation>
            <numerusform>Niemand hat dieses Fenster in letzter Zeit benutzt. Es wird nach %n Minute gesperrt.</numerusform>
            <numerusform>Niemand hat dieses Fenster in letzter Zeit benutzt. Es wird nach %n Minuten gesperrt.</numerusform>
        </translation>
    </message>
    <message>
        <source>The backup that was due was not made.</source>
        <translation>Die fällige Sicherung wurde nicht gemacht.</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::BusyRing</name>
    <message>
        <source>Working</source>
        <translation>In Arbeit</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::ChatHeader</name>
    <message>
        <source>Show the sidebar</source>
        <translation>Seitenleiste zeigen</translation>
    </message>
    <message>
        <source>Ctrl+Shift+S</source>
        <translation>Ctrl+Shift+S</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Neuer Chat</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::ChatView</name>
    <message>
        <source>Waiting for the disk</source>
        <translation>Warten auf den Datenträger</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Wird angehalten</translation>
    </message>
    <message>
        <source>Loading the model, %1 %</source>
        <translation>Modell wird geladen, %1 %</translation>
    </message>
    <message>
        <source>Reading the question, %1 %</source>
        <translation>Frage wird gelesen, %1 %</translation>
    </message>
    <message>
        <source>Reading the question</source>
        <translation>Frage wird gelesen</translation>
    </message>
    <message>
        <source>Kept as a draft until the log is back</source>
        <translation>Bleibt als Entwurf, bis das Protokoll wieder da ist</translation>
    </message>
    <message>
        <source>Kept as a draft until the model is there</source>
        <translation>Bleibt als Entwurf, bis das Modell da ist</translation>
    </message>
    <message>
        <source>Choose a model first</source>
        <translation>Zuerst ein Modell wählen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>This link leads out of this machine. It was not opened.</source>
        <translation>Dieser Verweis führt aus diesem Rechner hinaus. Er wurde nicht geöffnet.</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Adresse kopieren</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::ChoiceCard</name>
    <message>
        <source>Locked. %1</source>
        <translation>Gesperrt. %1</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::ClassLabel</name>
    <message>
        <source>Label %1</source>
        <translation>Kennzeichnung %1</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::CodeBlock</name>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Wrap long lines</source>
        <translation>Lange Zeilen umbrechen</translation>
    </message>
    <message>
        <source>Copy code</source>
        <translation>Code kopieren</translation>
    </message>
    <message numerus="yes">
        <source>Show all %n lines</source>
        <translation>
            <numerusform>Die Zeile zeigen</numerusform>
            <numerusform>Alle %n Zeilen zeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>Show less</source>
        <translation>Weniger zeigen</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::Composer</name>
    <message>
        <source>Conversation</source>
        <translation>Gespräch</translation>
    </message>
    <message>
        <source>Write a question first</source>
        <translation>Zuerst eine Frage schreiben</translation>
    </message>
    <message>
        <source>Write the next question. Esc stops the answer.</source>
        <translation>Nächste Frage schreiben. Esc hält die Antwort an.</translation>
    </message>
    <message>
        <source>Write a message. Shift+Enter makes a new line.</source>
        <translation>Nachricht schreiben. Umschalt+Eingabe macht eine neue Zeile.</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::ComposerEdit</name>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter makes a new line</source>
        <translation>Eingabe sendet, Umschalt+Eingabe macht eine neue Zeile</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::ContextGauge</name>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>%1 of %2 tokens, %3 percent</source>
        <translation>%1 von %2 Token, %3 Prozent</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::ConversationDelegate</name>
    <message>
        <source>Title of the chat</source>
        <translation>Titel des Chats</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::ConversationListModel</name>
    <message>
        <source>Pinned</source>
        <translation>Angeheftet</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>Früher</translation>
    </message>
    <message>
        <source>Untitled chat</source>
        <translation>Chat ohne Titel</translation>
    </message>
    <message>
        <source>d MMM</source>
        <comment>date of a chat in this year</comment>
        <translation>d. MMM</translation>
    </message>
    <message>
        <source>MMM yyyy</source>
        <comment>date of a chat in another year</comment>
        <translation>MMM yyyy</translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n gefunden</numerusform>
            <numerusform>%n gefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, an answer is being written</source>
        <translation>%1, eine Antwort wird geschrieben</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::EmptyChat</name>
    <message>
        <source>Reading the model file</source>
        <translation>Modelldatei wird gelesen</translation>
    </message>
    <message>
        <source>A closed process checks it and works out its fingerprint. The file is not copied.</source>
        <translation>Ein abgeschlossener Prozess prüft sie und bildet ihren Fingerabdruck. Die Datei wird nicht kopiert.</translation>
    </message>
    <message>
        <source>No model yet</source>
        <translation>Noch kein Modell</translation>
    </message>
    <message>
        <source>Choose a model file in the GGUF format. It runs on this computer and stays where it lies.</source>
        <translation>Eine Modelldatei im Format GGUF wählen. Das Modell läuft auf diesem Rechner, die Datei bleibt, wo sie liegt.</translation>
    </message>
    <message>
        <source>Choose a model file…</source>
        <translation>Modelldatei wählen…</translation>
    </message>
    <message>
        <source>%1 is not allowed by policy</source>
        <translation>%1 ist durch Richtlinie nicht erlaubt</translation>
    </message>
    <message>
        <source>%1 could not be loaded</source>
        <translation>%1 konnte nicht geladen werden</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>What would you like to know?</source>
        <translation>Was möchten Sie wissen?</translation>
    </message>
    <message>
        <source>%1 answers on this machine. Question and answer are stored encrypted, and nothing leaves this computer.</source>
        <translation>%1 antwortet auf diesem Rechner. Frage und Antwort werden verschlüsselt gespeichert, und nichts verlässt diesen Rechner.</translation>
    </message>
    <message>
        <source>%1 is being loaded. You can write already; the answer begins when it is ready.</source>
        <translation>%1 wird geladen. Sie können schon schreiben; die Antwort beginnt, sobald das Modell bereit ist.</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::FirstRunView</name>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
    <message>
        <source>Making the vault…</source>
        <translation>Tresor wird angelegt…</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Beginnen</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::FirstRunViewModel</name>
    <message>
        <source>Your administrator does not allow this way.</source>
        <translation>Ihre Administration erlaubt diesen Weg nicht.</translation>
    </message>
    <message numerus="yes">
        <source>At least %n characters are needed.</source>
        <translation>
            <numerusform>Mindestens ein Zeichen ist nötig.</numerusform>
            <numerusform>Mindestens %n Zeichen sind nötig.</numerusform>
        </translation>
    </message>
    <message>
        <source>Type it a second time.</source>
        <translation>Ein zweites Mal eingeben.</translation>
    </message>
    <message>
        <source>The two do not match.</source>
        <translation>Die beiden stimmen nicht überein.</translation>
    </message>
    <message>
        <source>This model finds passages and cannot chat.</source>
        <translation>Dieses Modell findet Textstellen und kann nicht chatten.</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::IconButton</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::LockScreen</name>
    <message>
        <source>Locked at %1</source>
        <translation>Gesperrt um %1</translation>
    </message>
    <message numerus="yes">
        <source>Locked at %1, no input for %n minute(s)</source>
        <translation>
            <numerusform>Gesperrt um %1, %n Minute ohne Eingabe</numerusform>
            <numerusform>Gesperrt um %1, %n Minuten ohne Eingabe</numerusform>
        </translation>
    </message>
    <message>
        <source>Locked at %1, together with the screen</source>
        <translation>Gesperrt um %1, zusammen mit dem Bildschirm</translation>
    </message>
    <message>
        <source>Locked at %1, before the computer went to sleep</source>
        <translation>Gesperrt um %1, bevor der Rechner in den Ruhezustand ging</translation>
    </message>
    <message>
        <source>Keys wiped, databases closed, engine stopped at %1</source>
        <translation>Schlüssel gelöscht, Datenbanken geschlossen, Modellprozess beendet um %1</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::LogState</name>
    <message numerus="yes">
        <source>%n record(s) are missing at the end.</source>
        <translation>
            <numerusform>Am Ende fehlt ein Eintrag.</numerusform>
            <numerusform>Am Ende fehlen %n Einträge.</numerusform>
        </translation>
    </message>
    <message>
        <source>Log recording</source>
        <translation>Protokoll läuft</translation>
    </message>
    <message>
        <source>Checking the log</source>
        <translation>Protokoll wird geprüft</translation>
    </message>
    <message>
        <source>Log whole, checked %1</source>
        <translation>Protokoll vollständig, geprüft %1</translation>
    </message>
    <message>
        <source>Log does not hold, checked %1</source>
        <translation>Protokoll hält nicht, geprüft %1</translation>
    </message>
    <message>
        <source>Log cannot be read</source>
        <translation>Protokoll nicht lesbar</translation>
    </message>
    <message>
        <source>Log cannot be written</source>
        <translation>Protokoll nicht schreibbar</translation>
    </message>
    <message>
        <source>Every question is recorded, without its content. Click to check the log.</source>
        <translation>Jede Frage wird ohne ihren Inhalt protokolliert. Klicken prüft das Protokoll.</translation>
    </message>
    <message>
        <source>Every record is worked out again</source>
        <translation>Jeder Eintrag wird nachgerechnet</translation>
    </message>
    <message numerus="yes">
        <source>%n record(s), none missing or changed</source>
        <translation>
            <numerusform>Ein Eintrag, unverändert</numerusform>
            <numerusform>%n Einträge, keiner fehlt oder ist verändert</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tramontane::ui::MainWindow</name>
    <message>
        <source>Tramontane</source>
        <translation>Tramontane</translation>
    </message>
    <message>
        <source>The answer that was being written was saved up to its last word and is marked as cut off.</source>
        <translation>Die Antwort, die gerade geschrieben wurde, ist bis zum letzten Wort gespeichert und als abgebrochen gekennzeichnet.</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::Markdown</name>
    <message>
        <source>This text is too deeply nested or too large to lay out. It is shown as it was written.</source>
        <translation>Dieser Text ist zu tief verschachtelt oder zu groß zum Setzen. Er wird so gezeigt, wie er geschrieben ist.</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::Message</name>
    <message numerus="yes">
        <source>%1 tokens</source>
        <translation>
            <numerusform>%1 Token</numerusform>
            <numerusform>%1 Token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 tok/s</source>
        <translation>%1 Token/s</translation>
    </message>
    <message>
        <source>%1&#x202f;kJ</source>
        <translation>%1&#x202f;kJ</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>schreibt</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>length limit reached</source>
        <translation>Längengrenze erreicht</translation>
    </message>
    <message>
        <source>cut off</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>Previous version</source>
        <translation>Vorige Fassung</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>Nächste Fassung</translation>
    </message>
    <message>
        <source>Copy answer</source>
        <translation>Antwort kopieren</translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation>Erneut fragen</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::ModelPanel</name>
    <message>
        <source>%1 billion weights</source>
        <translation>%1 Milliarden Gewichte</translation>
    </message>
    <message>
        <source>%1 million weights</source>
        <translation>%1 Millionen Gewichte</translation>
    </message>
    <message>
        <source>licence not stated</source>
        <translation>Lizenz nicht angegeben</translation>
    </message>
    <message>
        <source>A model to begin with</source>
        <translation>Ein Modell für den Anfang</translation>
    </message>
    <message>
        <source>A model is a file. It runs on this computer, and the file is neither copied nor changed.</source>
        <translation>Ein Modell ist eine Datei. Es läuft auf diesem Rechner; die Datei wird weder kopiert noch verändert.</translation>
    </message>
    <message>
        <source>The model that came with Tramontane</source>
        <translation>Das mitgelieferte Modell</translation>
    </message>
    <message>
        <source>Another model file…</source>
        <translation>Andere Modelldatei…</translation>
    </message>
    <message>
        <source>In the GGUF format, also from a USB stick</source>
        <translation>Im Format GGUF, auch von einem USB-Stick</translation>
    </message>
    <message>
        <source>Take it from</source>
        <translation>Woher</translation>
    </message>
    <message>
        <source>Choose a model file</source>
        <translation>Modelldatei wählen</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>Modelle (*.gguf)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Reading the file</source>
        <translation>Datei wird gelesen</translation>
    </message>
    <message>
        <source>In a closed process that can do nothing but answer</source>
        <translation>In einem abgeschlossenen Prozess, der nur antworten kann</translation>
    </message>
    <message>
        <source>%1. Small and quick: good for a first try, not for careful work.</source>
        <translation>%1. Klein und schnell: gut für einen ersten Versuch, nicht für sorgfältige Arbeit.</translation>
    </message>
    <message>
        <source>This file cannot be used</source>
        <translation>Diese Datei ist nicht verwendbar</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::ModelPicker</name>
    <message>
        <source>Reading the model file</source>
        <translation>Modelldatei wird gelesen</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>Kein Modell</translation>
    </message>
    <message>
        <source>choose one</source>
        <translation>bitte wählen</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>quantisation, device</comment>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Model: %1, %2</source>
        <translation>Modell: %1, %2</translation>
    </message>
    <message>
        <source>Choose the model (Ctrl+M)</source>
        <translation>Modell wählen (Strg+M)</translation>
    </message>
    <message>
        <source>Add a model file…</source>
        <translation>Modelldatei hinzufügen…</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::ModelPickerModel</name>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Loading, %1 %</source>
        <translation>Wird geladen, %1 %</translation>
    </message>
    <message>
        <source>Not allowed by policy</source>
        <translation>Durch Richtlinie nicht erlaubt</translation>
    </message>
    <message>
        <source>Could not be loaded</source>
        <translation>Konnte nicht geladen werden</translation>
    </message>
    <message>
        <source>Not loaded</source>
        <translation>Nicht geladen</translation>
    </message>
    <message>
        <source>Model without a name</source>
        <translation>Modell ohne Namen</translation>
    </message>
    <message>
        <source>GPU %1/%2</source>
        <translation>GPU %1/%2</translation>
    </message>
    <message>
        <source>%1 · %2 · %3</source>
        <comment>quantisation, file size, state</comment>
        <translation>%1 · %2 · %3</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>This model was added. It finds passages and cannot chat.</source>
        <translation>Dieses Modell wurde hinzugefügt. Es findet Textstellen und kann nicht chatten.</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::MoreMenu</name>
    <message>
        <source>Rename this chat</source>
        <translation>Diesen Chat umbenennen</translation>
    </message>
    <message>
        <source>Add a model file…</source>
        <translation>Modelldatei hinzufügen…</translation>
    </message>
    <message>
        <source>Check the log</source>
        <translation>Protokoll prüfen</translation>
    </message>
    <message>
        <source>Lock the vault</source>
        <translation>Tresor sperren</translation>
    </message>
    <message>
        <source>Ctrl+L</source>
        <translation>Ctrl+L</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>Like the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Textgröße</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::NoticeBlock</name>
    <message>
        <source>Ask again</source>
        <translation>Erneut fragen</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::PassphraseEdit</name>
    <message>
        <source>Show the passphrase</source>
        <translation>Passphrase zeigen</translation>
    </message>
    <message>
        <source>Hide the passphrase</source>
        <translation>Passphrase verbergen</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::PopupPanel</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::PrivacyPanel</name>
    <message>
        <source>What leaves this machine</source>
        <translation>Was diesen Rechner verlässt</translation>
    </message>
    <message>
        <source>Nothing. This version opens no connection at all, and there is nothing to agree to here.</source>
        <translation>Nichts. Diese Version öffnet keine einzige Verbindung, und zuzustimmen ist hier nichts.</translation>
    </message>
    <message>
        <source>No account, no telemetry, no update check</source>
        <translation>Kein Konto, keine Telemetrie, keine Suche nach Updates</translation>
    </message>
    <message>
        <source>Models and answers stay on this computer</source>
        <translation>Modelle und Antworten bleiben auf diesem Rechner</translation>
    </message>
    <message>
        <source>Encrypted on disk</source>
        <translation>Verschlüsselt gespeichert</translation>
    </message>
    <message>
        <source>Chats, titles and the search index</source>
        <translation>Chats, Titel und Suchindex</translation>
    </message>
    <message>
        <source>A log of what was done, without content</source>
        <translation>Ein Protokoll der Vorgänge, ohne Inhalt</translation>
    </message>
    <message>
        <source>Times, models and decisions; never what you wrote</source>
        <translation>Zeiten, Modelle, Entscheidungen; nie das Geschriebene</translation>
    </message>
    <message>
        <source>Models run in a closed process</source>
        <translation>Modelle laufen in einem abgeschlossenen Prozess</translation>
    </message>
    <message>
        <source>It has no key, no network and no folder to write to</source>
        <translation>Er hat keinen Schlüssel, kein Netz und keinen Ordner zum Schreiben</translation>
    </message>
    <message>
        <source>A person with administrator rights on this computer can still do harm, and so can whoever sees your screen while the vault is open.</source>
        <translation>Wer auf diesem Rechner Administrationsrechte hat, kann trotzdem Schaden anrichten; ebenso, wer bei offenem Tresor den Bildschirm sieht.</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::Rail</name>
    <message>
        <source>Chats</source>
        <translation>Chats</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Neuer Chat</translation>
    </message>
    <message>
        <source>Ctrl+N</source>
        <translation>Ctrl+N</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>Chats durchsuchen</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation>Ctrl+K</translation>
    </message>
    <message>
        <source>Lock the vault</source>
        <translation>Tresor sperren</translation>
    </message>
    <message>
        <source>Ctrl+L</source>
        <translation>Ctrl+L</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::RowBlock</name>
    <message>
        <source>Reasoning</source>
        <translation>Überlegung</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>Werkzeug</translation>
    </message>
    <message numerus="yes">
        <source>%n words</source>
        <translation>
            <numerusform>%n Wort</numerusform>
            <numerusform>%n Wörter</numerusform>
        </translation>
    </message>
    <message>
        <source>Hide reasoning</source>
        <translation>Überlegung verbergen</translation>
    </message>
    <message>
        <source>Show reasoning</source>
        <translation>Überlegung zeigen</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::SearchField</name>
    <message>
        <source>Search chats</source>
        <translation>Chats durchsuchen</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation>Ctrl+K</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::SendButton</name>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>Antwort anhalten</translation>
    </message>
    <message>
        <source>Send (Enter)</source>
        <translation>Senden (Eingabe)</translation>
    </message>
    <message>
        <source>Stop the answer (Esc)</source>
        <translation>Antwort anhalten (Esc)</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::Sidebar</name>
    <message>
        <source>New chat</source>
        <translation>Neuer Chat</translation>
    </message>
    <message>
        <source>Ctrl+N</source>
        <translation>Ctrl+N</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>Chats</translation>
    </message>
    <message>
        <source>Tramontane</source>
        <translation>Tramontane</translation>
    </message>
    <message>
        <source>Vault open</source>
        <translation>Tresor offen</translation>
    </message>
    <message>
        <source>Lock the vault</source>
        <translation>Tresor sperren</translation>
    </message>
    <message>
        <source>Ctrl+L</source>
        <translation>Ctrl+L</translation>
    </message>
    <message>
        <source>Chats appear here after the first question.</source>
        <translation>Nach der ersten Frage stehen hier die Chats.</translation>
    </message>
    <message>
        <source>No chat contains “%1”.</source>
        <translation>Kein Chat enthält „%1“.</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::SidebarButton</name>
    <message>
        <source>%1 (%2)</source>
        <comment>button, key</comment>
        <translation>%1 (%2)</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::StatusLine</name>
    <message>
        <source>Lock</source>
        <translation>Sperren</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>This version opens no network connection</source>
        <translation>Diese Version öffnet keine Netzverbindung</translation>
    </message>
    <message>
        <source>Waiting for the disk</source>
        <translation>Warten auf den Datenträger</translation>
    </message>
    <message>
        <source>New text is shown when what came before is saved</source>
        <translation>Neuer Text erscheint, sobald der vorige gespeichert ist</translation>
    </message>
    <message>
        <source>Lock the vault (Ctrl+L)</source>
        <translation>Tresor sperren (Strg+L)</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>model, quantisation</comment>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>model, state</comment>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>%1 · %2/%3 layers</source>
        <comment>device, layers</comment>
        <translation>%1 · %2/%3 Schichten</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 Token/s</translation>
    </message>
    <message>
        <source>Speed of the last answer shown</source>
        <translation>Geschwindigkeit der letzten gezeigten Antwort</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::StepDots</name>
    <message>
        <source>Step %1 of %2</source>
        <translation>Schritt %1 von %2</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::TextBlock</name>
    <message>
        <source>Link: %1</source>
        <translation>Verweis: %1</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::TranscriptView</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>Als Markdown kopieren</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>New text below</source>
        <translation>Neuer Text unten</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Gespräch</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::Units</name>
    <message>
        <source>%1k</source>
        <translation>%1k</translation>
    </message>
    <message>
        <source>%1&#x202f;s</source>
        <translation>%1&#x202f;s</translation>
    </message>
    <message>
        <source>%1&#x202f;min %2&#x202f;s</source>
        <translation>%1&#x202f;min %2&#x202f;s</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::UnlockView</name>
    <message>
        <source>Vault locked</source>
        <translation>Tresor gesperrt</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>Caps Lock is on</source>
        <translation>Feststelltaste ist an</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Entsperren</translation>
    </message>
    <message>
        <source>or open with</source>
        <translation>oder öffnen mit</translation>
    </message>
    <message>
        <source>Vault in use</source>
        <translation>Tresor in Gebrauch</translation>
    </message>
    <message>
        <source>Vault closed</source>
        <translation>Tresor geschlossen</translation>
    </message>
    <message>
        <source>This vault is open in another window</source>
        <translation>Dieser Tresor ist in einem anderen Fenster offen</translation>
    </message>
    <message>
        <source>This vault cannot be opened. Nothing in it was changed.</source>
        <translation>Dieser Tresor lässt sich nicht öffnen. Darin wurde nichts verändert.</translation>
    </message>
    <message>
        <source>Closing the vault…</source>
        <translation>Tresor wird geschlossen…</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet…</translation>
    </message>
    <message numerus="yes">
        <source>Wait %n second(s)</source>
        <translation>
            <numerusform>%n Sekunde warten</numerusform>
            <numerusform>%n Sekunden warten</numerusform>
        </translation>
    </message>
    <message>
        <source>Recovery code</source>
        <translation>Wiederherstellungscode</translation>
    </message>
    <message>
        <source>Eight groups, hyphens may be left out</source>
        <translation>Acht Gruppen, Bindestriche können entfallen</translation>
    </message>
    <message>
        <source>Choose the key file, or both halves</source>
        <translation>Schlüsseldatei oder beide Hälften wählen</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::UnlockViewModel</name>
    <message>
        <source>Another program has this vault open: %1. Close it there, then try again.</source>
        <translation>Ein anderes Programm hat diesen Tresor offen: %1. Dort schließen, dann erneut versuchen.</translation>
    </message>
    <message>
        <source>The passphrase does not open this vault.</source>
        <translation>Diese Passphrase öffnet den Tresor nicht.</translation>
    </message>
    <message>
        <source>This code does not open this vault.</source>
        <translation>Dieser Code öffnet diesen Tresor nicht.</translation>
    </message>
    <message>
        <source>This key does not open this vault.</source>
        <translation>Dieser Schlüssel öffnet diesen Tresor nicht.</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::UnlockWays</name>
    <message>
        <source>Keychain of this computer</source>
        <translation>Schlüsselbund dieses Rechners</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>The one that was chosen for this vault</source>
        <translation>Die für diesen Tresor gewählte</translation>
    </message>
    <message>
        <source>Recovery code</source>
        <translation>Wiederherstellungscode</translation>
    </message>
    <message>
        <source>The printed page with eight groups</source>
        <translation>Die gedruckte Seite mit acht Gruppen</translation>
    </message>
    <message>
        <source>Organisation key</source>
        <translation>Schlüssel der Organisation</translation>
    </message>
    <message>
        <source>Asking the keychain</source>
        <translation>Der Schlüsselbund wird gefragt</translation>
    </message>
    <message>
        <source>Slow to answer, still waiting</source>
        <translation>Antwortet langsam, es wird noch gewartet</translation>
    </message>
    <message>
        <source>Opens with your sign-in to this computer</source>
        <translation>Öffnet mit Ihrer Anmeldung an diesem Rechner</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet…</translation>
    </message>
    <message>
        <source>Needs a second person from your organisation</source>
        <translation>Braucht eine zweite Person aus Ihrer Organisation</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::VaultPanel</name>
    <message>
        <source>Four or five unrelated words are easy to keep in mind.</source>
        <translation>Vier bis fünf beliebige Wörter merkt man sich leicht.</translation>
    </message>
    <message numerus="yes">
        <source>At least %n characters.</source>
        <translation>
            <numerusform>Mindestens ein Zeichen.</numerusform>
            <numerusform>Mindestens %n Zeichen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Weak. Another word or two help most.</source>
        <translation>Schwach. Ein, zwei Wörter mehr helfen am meisten.</translation>
    </message>
    <message>
        <source>Fair. One more word makes it strong.</source>
        <translation>Brauchbar. Ein Wort mehr macht sie stark.</translation>
    </message>
    <message>
        <source>Strong.</source>
        <translation>Stark.</translation>
    </message>
    <message>
        <source>How do you want to open your vault?</source>
        <translation>Wie soll sich Ihr Tresor öffnen?</translation>
    </message>
    <message>
        <source>Everything you type or load is stored encrypted. Without the way you choose nobody can read it, and nobody can reset it.</source>
        <translation>Alles, was Sie schreiben oder laden, wird verschlüsselt gespeichert. Ohne den gewählten Weg kann es niemand lesen und niemand zurücksetzen.</translation>
    </message>
    <message>
        <source>Keychain of this computer</source>
        <translation>Schlüsselbund dieses Rechners</translation>
    </message>
    <message>
        <source>Opens when you sign in. Good on your own workstation</source>
        <translation>Öffnet mit der Anmeldung. Gut am eigenen Arbeitsplatz</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>You type it each time. Good on a shared machine</source>
        <translation>Jedes Mal einzugeben. Gut an einem geteilten Rechner</translation>
    </message>
    <message>
        <source>Set by your administrator. %1</source>
        <translation>Von Ihrer Administration festgelegt. %1</translation>
    </message>
    <message>
        <source>Passphrase again</source>
        <translation>Passphrase wiederholen</translation>
    </message>
    <message>
        <source>Caps Lock is on</source>
        <translation>Feststelltaste ist an</translation>
    </message>
    <message>
        <source>If the passphrase is forgotten, the vault stays closed for good.</source>
        <translation>Ist die Passphrase vergessen, bleibt der Tresor für immer zu.</translation>
    </message>
    <message>
        <source>If this keychain is erased, the vault stays closed for good.</source>
        <translation>Wird dieser Schlüsselbund gelöscht, bleibt der Tresor für immer zu.</translation>
    </message>
    <message>
        <source>The vault was not made</source>
        <translation>Der Tresor wurde nicht angelegt</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::WelcomePanel</name>
    <message>
        <source>Welcome to Tramontane</source>
        <translation>Willkommen bei Tramontane</translation>
    </message>
    <message>
        <source>Chat with language models that run on this computer. What you write stays here, encrypted, and a log shows what was done.</source>
        <translation>Mit Sprachmodellen arbeiten, die auf diesem Rechner laufen. Was Sie schreiben, bleibt hier, verschlüsselt, und ein Protokoll zeigt, was geschehen ist.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>Like the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
</context>
<context>
    <name>tramontane::ui::Workspace</name>
    <message>
        <source>Choose a model file</source>
        <translation>Modelldatei wählen</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>Modelle (*.gguf)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
</TS>
