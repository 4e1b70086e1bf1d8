// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/time_argument.h"

#include <QDateTime>

namespace tramontane::ctl {

Result<std::int64_t> timeArgument(const std::string &text, TimeEnd end)
{
    const QString given = QString::fromStdString(text);
    QDateTime time = QDateTime::fromString(given, Qt::ISODateWithMs);
    if (!time.isValid())
        return Error{
            ErrorCode::Usage, "\"" + text + "\" is not a date or time such as 2026-11-22 or 2026-11-22T09:14:00Z.", {}};
    if (time.timeSpec() == Qt::LocalTime)
        time.setTimeSpec(Qt::UTC);
    const bool dateOnly = !given.contains(u':');
    if (dateOnly && end == TimeEnd::End)
        time = time.addDays(1);
    return time.toMSecsSinceEpoch();
}

} // namespace tramontane::ctl
