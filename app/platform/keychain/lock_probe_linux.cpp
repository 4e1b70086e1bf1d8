// SPDX-License-Identifier: Apache-2.0
#include "app/contracts/when_ready.h"
#include "app/platform/keychain/lock_probe.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QMap>

namespace tramontane {
namespace {

constexpr auto kName = "org.freedesktop.secrets";
constexpr auto kPath = "/org/freedesktop/secrets";
constexpr auto kInterface = "org.freedesktop.Secret.Service";
constexpr auto kNoCollection = "/";
constexpr int kLimitMs = 5000;

using Attributes = QMap<QString, QString>;
using Paths = QList<QDBusObjectPath>;

template <class Reply, class Handler>
void send(QObject *context, const QDBusMessage &message, Handler handler)
{
    auto *watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(message, kLimitMs), context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, context, [watcher, handler] {
        watcher->deleteLater();
        handler(Reply(*watcher));
    });
}

void askCollection(QObject *context, const QString &path, const Deferred<bool> &answer)
{
    QDBusMessage get = QDBusMessage::createMethodCall(kName, path, "org.freedesktop.DBus.Properties", "Get");
    get << QString("org.freedesktop.Secret.Collection") << QString("Locked");
    send<QDBusPendingReply<QDBusVariant>>(context, get, [answer](const QDBusPendingReply<QDBusVariant> &locked) {
        answer.resolve(!locked.isError() && locked.value().variant().toBool());
    });
}

void askDefaultCollection(QObject *context, const Deferred<bool> &answer)
{
    QDBusMessage alias = QDBusMessage::createMethodCall(kName, kPath, kInterface, "ReadAlias");
    alias << QString("default");
    send<QDBusPendingReply<QDBusObjectPath>>(context, alias,
                                             [context, answer](const QDBusPendingReply<QDBusObjectPath> &path) {
                                                 if (path.isError() || path.value().path() == kNoCollection)
                                                     return answer.resolve(false);
                                                 askCollection(context, path.value().path(), answer);
                                             });
}

} // namespace

Async<bool> mayBeLocked(QObject *context, const QString &service, const QString &key)
{
    // Without a bus a call is never answered, not even by its time limit.
    if (!QDBusConnection::sessionBus().isConnected())
        return ready<bool>(false);
    Deferred<bool> answer;
    QDBusMessage search = QDBusMessage::createMethodCall(kName, kPath, kInterface, "SearchItems");
    qDBusRegisterMetaType<Attributes>();
    // The attributes under which QtKeychain files an entry.
    const Attributes attributes{{"user", key}, {"server", service}};
    search << QVariant::fromValue(attributes);
    search.setAutoStartService(false);
    send<QDBusPendingReply<Paths, Paths>>(context, search,
                                          [context, answer](const QDBusPendingReply<Paths, Paths> &found) {
                                              if (!found.isError() && !found.argumentAt<1>().isEmpty())
                                                  return answer.resolve(true);
                                              askDefaultCollection(context, answer);
                                          });
    return answer.future();
}

} // namespace tramontane
