// SPDX-License-Identifier: Apache-2.0
#include "app/main/log.h"

#include <QString>
#include <QtGlobal>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace tramontane {
namespace {

void fromQt(QtMsgType type, const QMessageLogContext &, const QString &message)
{
    const std::string text = message.toStdString();
    if (type == QtWarningMsg)
        spdlog::warn("{}", text);
    else if (type == QtCriticalMsg || type == QtFatalMsg)
        spdlog::error("{}", text);
}

} // namespace

void startLog()
{
    const auto logger = spdlog::stderr_logger_mt("tramontane");
    logger->set_pattern("%l: %v");
    logger->set_level(spdlog::level::warn);
    spdlog::set_default_logger(logger);
    qInstallMessageHandler(&fromQt);
}

} // namespace tramontane
