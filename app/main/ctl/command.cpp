// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/command.h"

#include "app/main/ctl/vault_opener.h"

namespace tramontane::ctl {
namespace {

Error interrupted()
{
    return Error{ErrorCode::Cancelled, "Interrupted. What was finished before is stored.", {}};
}

} // namespace

void Command::finish(const std::optional<Error> &error)
{
    if (std::exchange(m_finished, true))
        return;
    if (error)
        output().error(*error);
    else if (!output().writable())
        output().error({ErrorCode::IoFailed, "The result could not be written to standard output.", {}});
    const bool complete = !error && output().writable();
    Q_EMIT finished(complete ? 0 : exitStatus(error ? error->code : ErrorCode::IoFailed));
}

VaultCommand::VaultCommand(Context &context) : Command(context), m_opener(std::make_unique<VaultOpener>(context)) {}

VaultCommand::~VaultCommand() = default;

void VaultCommand::start()
{
    if (const Status prepared = prepare(); !prepared)
        return finish(prepared.error());
    whenReady(this, m_opener->open(), [this](const Result<std::shared_ptr<OpenVault>> &vault) { opened(vault); });
}

void VaultCommand::opened(const Result<std::shared_ptr<OpenVault>> &vault)
{
    if (!vault)
        return finish(vault.error());
    m_session = context().parts.makeSession(*vault);
    watchDesktop();
    const SessionOpening opening{false, context().parts.vault().takeFailedUnlocks()};
    whenReady(this, m_session->start(opening), [this](const Status &started) {
        m_started = true;
        if (m_done)
            return; // locked in the meantime
        if (!started)
            return done(started.error());
        if (m_interrupted)
            return done(interrupted());
        if (const int count = m_session->recovered(); count > 0)
            output().note(std::to_string(count) + " interrupted attempt(s) of an earlier run were closed.");
        if (const MissingMessages &missing = m_session->missingMessages(); missing.count > 0)
            output().note(missingText(missing) + " See: tramontanectl vault check");
        tellAboutSlots();
        run(*m_session);
    });
}

void VaultCommand::watchDesktop()
{
    SessionWatch &watch = context().parts.sessionWatch();
    connect(&watch, &SessionWatch::sessionLocked, this, [this] { lockNow(LockCause::SessionLocked); });
    connect(&watch, &SessionWatch::aboutToSleep, this, [this] { lockNow(LockCause::Suspend); });
    watch.hold();
}

void VaultCommand::lockNow(LockCause cause)
{
    if (std::exchange(m_done, true))
        return;
    whenReady(this, m_session->lock(cause), [this, cause](const Status &) {
        context().parts.sessionWatch().letGo();
        finish(Error{ErrorCode::VaultLocked,
                     std::string("The vault was locked, because ")
                         + (cause == LockCause::Suspend ? "the computer goes to sleep." : "the screen was locked.")
                         + " What was finished or written before is stored.",
                     {}});
    });
}

void VaultCommand::tellAboutSlots()
{
    if (m_session->vault().slots().openedWith().kind == SlotKind::Organisation && m_session->auditProblem())
        output().note(m_session->auditProblem()->message);
    if (const auto &alarm = m_session->slots().alarm())
        output().note("The organisation's key has changed. " + *alarm);
}

void VaultCommand::interrupt()
{
    m_interrupted = true;
    if (m_started)
        done(interrupted());
}

void VaultCommand::done(const std::optional<Error> &error)
{
    if (std::exchange(m_done, true))
        return;
    whenReady(this, m_session->end(), [this, error](const Status &ended) {
        if (!error && !ended)
            return finish(ended.error());
        finish(error);
    });
}

} // namespace tramontane::ctl
