// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDBusArgument>
#include <QDBusObjectPath>
#include <QMap>
#include <QString>

// What a Secret Service hands over the bus (Secret Service API 0.2,
// https://specifications.freedesktop.org/secret-service-spec/latest/).
namespace tramontane::test {

using Attributes = QMap<QString, QString>;
using Paths = QList<QDBusObjectPath>;

/// The structure "Secret": (oayays).
struct BusSecret {
    QDBusObjectPath session;
    QByteArray parameters;
    QByteArray value;
    QString contentType;
};
using SecretsByPath = QMap<QDBusObjectPath, BusSecret>;

QDBusArgument &operator<<(QDBusArgument &argument, const BusSecret &secret);
const QDBusArgument &operator>>(const QDBusArgument &argument, BusSecret &secret);

struct SecretItem {
    Attributes attributes;
    QByteArray value;
    QString contentType;
};

} // namespace tramontane::test

Q_DECLARE_METATYPE(tramontane::test::BusSecret)
