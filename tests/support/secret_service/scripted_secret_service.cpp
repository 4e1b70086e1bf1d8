// SPDX-License-Identifier: Apache-2.0
// usage: scripted_secret_service MODE COLLECTION [SERVER USER HEX]
// A Secret Service on the session bus that does as it is told. It holds one item if one is given. MODE:
//   ok         everything is unlocked
//   locked     the collection is locked, and there is nobody to ask
//   cancelled  the collection is locked, and whoever is asked refuses
//   silent     questions for items and new sessions are never answered
// It says "ready" on standard output, then one line for each item that it makes or removes: "created USER HEX", "deleted
// USER". What a client calls comes from the specification, which secret_items.h names.
#include "tests/support/secret_service/secret_items.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusVariant>
#include <QDBusVirtualObject>

#include <cstdio>
#include <optional>

using namespace tramontane::test;

namespace {

constexpr auto kRoot = "/org/freedesktop/secrets";
constexpr auto kSession = "/org/freedesktop/secrets/session/1";
constexpr auto kPrompt = "/org/freedesktop/secrets/prompt/1";
constexpr auto kNone = "/";
constexpr auto kNotSupported = "org.freedesktop.DBus.Error.NotSupported";
constexpr auto kIsLocked = "org.freedesktop.Secret.Error.IsLocked";
constexpr auto kNoSuchObject = "org.freedesktop.Secret.Error.NoSuchObject";

void say(const QString &line)
{
    std::fputs((line + "\n").toLocal8Bit().constData(), stdout);
    std::fflush(stdout);
}

class ScriptedService final : public QDBusVirtualObject {
public:
    ScriptedService(const QString &mode, const QString &collection)
        : m_silent(mode == "silent"), m_locked(mode == "locked" || mode == "cancelled"), m_asks(mode == "cancelled"),
          m_collection(QString(kRoot) + "/collection/" + collection)
    {
    }

    void add(const Attributes &attributes, const QByteArray &value, const QString &type)
    {
        m_items.insert(QDBusObjectPath(m_collection + "/" + QString::number(++m_made)), {attributes, value, type});
    }
    [[nodiscard]] QString introspect(const QString &) const override { return {}; }
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override
    {
        const QString member = message.member();
        if (message.interface() == "org.freedesktop.DBus.Properties")
            return answer(connection, properties(message));
        if (m_silent && (member == "SearchItems" || member == "OpenSession"))
            return true; // whoever asks waits
        if (member == "Prompt") {
            connection.send(message.createReply());
            return connection.send(refusedPrompt());
        }
        if (const auto reply = replyTo(message))
            return answer(connection, *reply);
        return false;
    }

private:
    static bool answer(const QDBusConnection &connection, const QDBusMessage &reply) { return connection.send(reply); }

    std::optional<QDBusMessage> replyTo(const QDBusMessage &message)
    {
        const QString member = message.member();
        if (member == "OpenSession")
            return openSession(message);
        if (member == "SearchItems")
            return search(message);
        if (member == "Unlock")
            return unlock(message);
        if (member == "GetSecrets")
            return secrets(message);
        if (member == "GetSecret")
            return secret(message);
        if (member == "CreateItem")
            return create(message);
        if (member == "Delete")
            return remove(message);
        if (member == "ReadAlias")
            return message.createReply(QVariant::fromValue(QDBusObjectPath(m_collection)));
        if (member == "Close" || member == "Dismiss")
            return message.createReply();
        return std::nullopt;
    }

    static QDBusMessage openSession(const QDBusMessage &message)
    {
        if (message.arguments().value(0).toString() != "plain")
            return message.createErrorReply(kNotSupported, "plain only");
        return message.createReply(
            {QVariant::fromValue(QDBusVariant(QString())), QVariant::fromValue(QDBusObjectPath(kSession))});
    }

    QDBusMessage search(const QDBusMessage &message) const
    {
        const auto wanted = qdbus_cast<Attributes>(message.arguments().value(0));
        Paths found;
        for (auto item = m_items.begin(); item != m_items.end(); ++item) {
            bool fits = true;
            for (auto name = wanted.begin(); name != wanted.end(); ++name)
                fits = fits && (name.key() == "xdg:schema" || item->attributes.value(name.key()) == name.value());
            if (fits)
                found << item.key();
        }
        return message.createReply(
            {QVariant::fromValue(m_locked ? Paths() : found), QVariant::fromValue(m_locked ? found : Paths())});
    }

    QDBusMessage unlock(const QDBusMessage &message) const
    {
        const auto objects = qdbus_cast<Paths>(message.arguments().value(0));
        return message.createReply({QVariant::fromValue(m_locked ? Paths() : objects),
                                    QVariant::fromValue(QDBusObjectPath(m_asks ? kPrompt : kNone))});
    }

    static QDBusMessage refusedPrompt()
    {
        QDBusMessage completed = QDBusMessage::createSignal(kPrompt, "org.freedesktop.Secret.Prompt", "Completed");
        completed << true << QVariant::fromValue(QDBusVariant(QVariant::fromValue(Paths())));
        return completed;
    }

    QDBusMessage secrets(const QDBusMessage &message) const
    {
        if (m_locked)
            return message.createErrorReply(kIsLocked, "locked");
        SecretsByPath all;
        for (const QDBusObjectPath &path : qdbus_cast<Paths>(message.arguments().value(0)))
            all.insert(path, busSecret(m_items.value(path)));
        return message.createReply(QVariant::fromValue(all));
    }

    QDBusMessage secret(const QDBusMessage &message) const
    {
        const auto item = m_items.find(QDBusObjectPath(message.path()));
        if (m_locked || item == m_items.end())
            return message.createErrorReply(m_locked ? kIsLocked : kNoSuchObject, "no secret");
        return message.createReply(QVariant::fromValue(busSecret(*item)));
    }

    static BusSecret busSecret(const SecretItem &item)
    {
        return {QDBusObjectPath(kSession), {}, item.value, item.contentType};
    }

    QDBusMessage create(const QDBusMessage &message)
    {
        if (m_locked)
            return message.createErrorReply(kIsLocked, "locked");
        const auto properties = qdbus_cast<QVariantMap>(message.arguments().value(0));
        const auto attributes = qdbus_cast<Attributes>(properties.value("org.freedesktop.Secret.Item.Attributes"));
        const auto secret = qdbus_cast<BusSecret>(message.arguments().value(1));
        add(attributes, secret.value, secret.contentType);
        say("created " + attributes.value("user") + " " + secret.value.toHex());
        return message.createReply(
            {QVariant::fromValue(m_items.lastKey()), QVariant::fromValue(QDBusObjectPath(kNone))});
    }

    QDBusMessage remove(const QDBusMessage &message)
    {
        const SecretItem gone = m_items.take(QDBusObjectPath(message.path()));
        say("deleted " + gone.attributes.value("user"));
        return message.createReply(QVariant::fromValue(QDBusObjectPath(kNone)));
    }

    QDBusMessage properties(const QDBusMessage &message) const
    {
        QVariantMap all{{"Locked", m_locked},
                        {"Label", QString("scripted")},
                        {"Collections", QVariant::fromValue(Paths{QDBusObjectPath(m_collection)})},
                        {"Items", QVariant::fromValue(Paths(m_items.keys()))}};
        if (const auto item = m_items.find(QDBusObjectPath(message.path())); item != m_items.end())
            all.insert("Attributes", QVariant::fromValue(item->attributes));
        if (message.member() == "GetAll")
            return message.createReply(all);
        return message.createReply(
            QVariant::fromValue(QDBusVariant(all.value(message.arguments().value(1).toString()))));
    }

    const bool m_silent;
    const bool m_locked;
    const bool m_asks;
    const QString m_collection;
    QMap<QDBusObjectPath, SecretItem> m_items;
    int m_made = 0;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 3 && arguments.size() != 6)
        return 2;
    qDBusRegisterMetaType<Attributes>();
    qDBusRegisterMetaType<BusSecret>();
    qDBusRegisterMetaType<SecretsByPath>();
    ScriptedService service(arguments[1], arguments[2]);
    if (arguments.size() == 6)
        service.add({{"server", arguments[3]}, {"user", arguments[4]}, {"type", "base64"}},
                    QByteArray::fromHex(arguments[5].toLatin1()), "text/plain");
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.registerVirtualObject(kRoot, &service, QDBusConnection::SubPath)
        || !bus.registerService("org.freedesktop.secrets"))
        return 1;
    say("ready");
    return QCoreApplication::exec();
}
