// SPDX-License-Identifier: Apache-2.0
// tramontanectl: the services without a window (design.md section 10).
#include "app/main/ctl/arguments.h"
#include "app/main/startup.h"
#include "app/platform/terminal/interrupt_watcher.h"

#include <QCoreApplication>
#include <QTimer>

using namespace tramontane;
using namespace tramontane::ctl;

namespace {

int fail(Output &output, const Error &error)
{
    output.error(error);
    return exitStatus(error.code);
}

int runCommand(const ParsedArguments &arguments, Output &output, const std::vector<process::Layer> &hardening)
{
    Composition parts({"tramontanectl", QString::fromStdString(arguments.options.home)});
    Context context{arguments.options, output, parts, hardening};
    const std::unique_ptr<Command> command = arguments.make(context);
    InterruptWatcher watcher;
    QObject::connect(&watcher, &InterruptWatcher::interrupted, command.get(), &Command::interrupt);
    QObject::connect(command.get(), &Command::finished, qApp, [](int status) { QCoreApplication::exit(status); });
    QTimer::singleShot(0, command.get(), &Command::start);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    const auto hardening = startProgram();
    const ParseOutcome parsed = parseArguments(argc, argv);
    Output output(parsed.arguments.options.json);
    if (!hardening)
        return fail(output, hardening.error());
    if (parsed.error)
        return fail(output, *parsed.error);
    if (!parsed.arguments.print.empty()) {
        output.raw(parsed.arguments.print);
        return 0;
    }
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName("tramontanectl");
    QCoreApplication::setApplicationVersion(TRAMONTANE_VERSION);
    return runCommand(parsed.arguments, output, *hardening);
}
