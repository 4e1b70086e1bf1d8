// SPDX-License-Identifier: Apache-2.0
#include "app/platform/session/logind.h"

#include <QCoreApplication>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

#include <unistd.h>

#include <functional>
#include <utility>

namespace tramontane {
namespace {

const auto kService = QStringLiteral("org.freedesktop.login1");
const auto kManagerPath = QStringLiteral("/org/freedesktop/login1");
const auto kManager = QStringLiteral("org.freedesktop.login1.Manager");
const auto kSession = QStringLiteral("org.freedesktop.login1.Session");
const auto kProperties = QStringLiteral("org.freedesktop.DBus.Properties");
// A connection of our own: libraries that share the usual one may close it.
const auto kConnection = QStringLiteral("tramontane-logind");
constexpr int kLimitMs = 5000;

template <class Reply, class Handler>
void send(const QDBusConnection &bus, QObject *context, const QDBusMessage &message, Handler handler)
{
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(message, kLimitMs), context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, context, [watcher, handler] {
        watcher->deleteLater();
        handler(Reply(*watcher));
    });
}

QDBusMessage toManager(const QString &method, const QVariantList &arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(kService, kManagerPath, kManager, method);
    message.setArguments(arguments);
    message.setAutoStartService(false);
    return message;
}

} // namespace

LogindWatch::LogindWatch(QObject *parent)
    : SessionWatch(parent), m_bus(QDBusConnection::connectToBus(QDBusConnection::SystemBus, kConnection))
{
    // Without a bus a call is never answered, not even by its time limit.
    if (!m_bus.isConnected())
        return;
    m_bus.connect(kService, kManagerPath, kManager, QStringLiteral("PrepareForSleep"), this,
                  SLOT(onPrepareForSleep(bool)));
    findSession();
}

LogindWatch::~LogindWatch()
{
    QDBusConnection::disconnectFromBus(kConnection);
}

/// The session that started this program; a program that the person's own systemd started belongs to none, so then the
/// one that has the person's screen.
void LogindWatch::findSession()
{
    const auto byProcess = [this] {
        askManager(QStringLiteral("GetSessionByPID"), {QVariant::fromValue(uint(QCoreApplication::applicationPid()))},
                   [this] { askForDisplay(); });
    };
    const QString id = qEnvironmentVariable("XDG_SESSION_ID");
    if (id.isEmpty())
        byProcess();
    else
        askManager(QStringLiteral("GetSession"), {id}, byProcess);
}

void LogindWatch::askManager(const QString &method, const QVariantList &arguments, std::function<void()> otherwise)
{
    send<QDBusPendingReply<QDBusObjectPath>>(
        m_bus, this, toManager(method, arguments),
        [this, otherwise = std::move(otherwise)](const QDBusPendingReply<QDBusObjectPath> &session) {
            if (session.isError())
                otherwise();
            else
                watchSession(session.value().path());
        });
}

void LogindWatch::askForDisplay()
{
    const auto user = toManager(QStringLiteral("GetUser"), {QVariant::fromValue(uint(::getuid()))});
    send<QDBusPendingReply<QDBusObjectPath>>(
        m_bus, this, user, [this](const QDBusPendingReply<QDBusObjectPath> &found) {
            if (found.isError())
                return;
            QDBusMessage get =
                QDBusMessage::createMethodCall(kService, found.value().path(), kProperties, QStringLiteral("Get"));
            get << QStringLiteral("org.freedesktop.login1.User") << QStringLiteral("Display");
            send<QDBusPendingReply<QDBusVariant>>(
                m_bus, this, get, [this](const QDBusPendingReply<QDBusVariant> &value) {
                    if (value.isError())
                        return;
                    // (so): the name of the session and its path; "/" where there is none.
                    const QDBusArgument display = value.value().variant().value<QDBusArgument>();
                    if (display.currentType() != QDBusArgument::StructureType)
                        return;
                    QString name;
                    QDBusObjectPath path;
                    display.beginStructure();
                    display >> name >> path;
                    display.endStructure();
                    if (path.path().size() > 1)
                        watchSession(path.path());
                });
        });
}

void LogindWatch::watchSession(const QString &path)
{
    m_bus.connect(kService, path, kSession, QStringLiteral("Lock"), this, SLOT(onLock()));
    m_bus.connect(kService, path, kProperties, QStringLiteral("PropertiesChanged"), this,
                  SLOT(onSessionChanged(QString, QVariantMap, QStringList)));
}

void LogindWatch::onLock()
{
    Q_EMIT sessionLocked();
}

void LogindWatch::onSessionChanged(const QString &interface, const QVariantMap &changed, const QStringList &)
{
    if (interface == kSession && changed.value(QStringLiteral("LockedHint")).toBool())
        Q_EMIT sessionLocked();
}

void LogindWatch::onPrepareForSleep(bool begins)
{
    if (begins)
        Q_EMIT aboutToSleep();
    else if (m_wanted)
        takeInhibitor();
}

void LogindWatch::hold()
{
    m_wanted = true;
    takeInhibitor();
}

void LogindWatch::letGo()
{
    m_wanted = false;
    m_inhibitor = QDBusUnixFileDescriptor(); // closing it is giving it up
}

void LogindWatch::takeInhibitor()
{
    if (!m_bus.isConnected() || m_inhibitor.isValid() || std::exchange(m_asking, true))
        return;
    const auto inhibit =
        toManager(QStringLiteral("Inhibit"), {QStringLiteral("sleep"), QStringLiteral("Tramontane"),
                                              QStringLiteral("The vault is locked first"), QStringLiteral("delay")});
    send<QDBusPendingReply<QDBusUnixFileDescriptor>>(m_bus, this, inhibit,
                                                     [this](const QDBusPendingReply<QDBusUnixFileDescriptor> &reply) {
                                                         m_asking = false;
                                                         if (!reply.isError() && m_wanted)
                                                             m_inhibitor = reply.value();
                                                     });
}

} // namespace tramontane
