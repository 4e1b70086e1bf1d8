// SPDX-License-Identifier: Apache-2.0
#include "app/main/record_environment.h"

#include "app/platform/account/account.h"

#include <QSysInfo>
#include <QTimeZone>

namespace tramontane {

audit::RecordEnvironment recordEnvironment()
{
    audit::RecordEnvironment environment;
    environment.bootId = QSysInfo::bootUniqueId().toStdString();
    environment.timeZoneKnown = QTimeZone::systemTimeZone().isValid();
    environment.osUser = accountName();
    environment.machineId = QSysInfo::machineUniqueId().toStdString();
    environment.os = QSysInfo::prettyProductName().toStdString();
    environment.appVersion = TRAMONTANE_VERSION;
    return environment;
}

} // namespace tramontane
