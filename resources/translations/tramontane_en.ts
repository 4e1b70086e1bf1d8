<?xml version="1.0" encoding="utf-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>tramontane::ui::Banners</name>
    <message numerus="yes">
        <source>%n answer(s) were cut off when the program last ended.</source>
        <translation>
            <numerusform>One answer was cut off when the program last ended.</numerusform>
            <numerusform>%n answers were cut off when the program last ended.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The vault locks in %n second(s).</source>
        <translation>
            <numerusform>The vault locks in %n second.</numerusform>
            <numerusform>The vault locks in %n seconds.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Nobody has used this window for a while. It locks after %n minute(s).</source>
        <translation>
            <numerusform>Nobody has used this window for a while. It locks after %n minute.</numerusform>
            <numerusform>Nobody has used this window for a while. It locks after %n minutes.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tramontane::ui::CodeBlock</name>
    <message numerus="yes">
        <source>Show all %n lines</source>
        <translation>
            <numerusform>Show the line</numerusform>
            <numerusform>Show all %n lines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tramontane::ui::ConversationListModel</name>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tramontane::ui::FirstRunViewModel</name>
    <message numerus="yes">
        <source>At least %n characters are needed.</source>
        <translation>
            <numerusform>At least one character is needed.</numerusform>
            <numerusform>At least %n characters are needed.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tramontane::ui::LockScreen</name>
    <message numerus="yes">
        <source>Locked at %1, no input for %n minute(s)</source>
        <translation>
            <numerusform>Locked at %1, no input for %n minute</numerusform>
            <numerusform>Locked at %1, no input for %n minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tramontane::ui::LogState</name>
    <message numerus="yes">
        <source>%n record(s) are missing at the end.</source>
        <translation>
            <numerusform>One record is missing at the end.</numerusform>
            <numerusform>%n records are missing at the end.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n record(s), none missing or changed</source>
        <translation>
            <numerusform>One record, not changed</numerusform>
            <numerusform>%n records, none missing or changed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tramontane::ui::Message</name>
    <message numerus="yes">
        <source>%1 tokens</source>
        <translation>
            <numerusform>%1 token</numerusform>
            <numerusform>%1 tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tramontane::ui::RowBlock</name>
    <message numerus="yes">
        <source>%n words</source>
        <translation>
            <numerusform>%n word</numerusform>
            <numerusform>%n words</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tramontane::ui::UnlockView</name>
    <message numerus="yes">
        <source>Wait %n second(s)</source>
        <translation>
            <numerusform>Wait %n second</numerusform>
            <numerusform>Wait %n seconds</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tramontane::ui::VaultPanel</name>
    <message numerus="yes">
        <source>At least %n characters.</source>
        <translation>
            <numerusform>At least one character.</numerusform>
            <numerusform>At least %n characters.</numerusform>
        </translation>
    </message>
</context>
</TS>
