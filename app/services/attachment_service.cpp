// SPDX-License-Identifier: Apache-2.0
#include "app/services/attachment_service.h"

#include "app/services/audit_records.h"
#include "app/services/erasure_service.h"
#include "app/services/recording.h"

#include <QFile>
#include <QFileInfo>
#include <QMimeDatabase>
#include <QSaveFile>
#include <QTimer>
#include <QtConcurrent/QtConcurrentRun>

namespace tramontane {

namespace {

constexpr int kFollowMs = 100;

Error notWritten(const QSaveFile &file)
{
    return Error{ErrorCode::IoFailed,
                 "Not exported: the file could not be written (" + file.errorString().toStdString()
                     + "). No file was left.",
                 {}};
}

/// A new file that only its owner can read: it holds in plain text what the vault keeps encrypted. In the background.
Status writeDecrypted(const std::shared_ptr<AttachmentReader> &reader, const QString &path,
                      const std::shared_ptr<AttachmentService::Progress> &progress)
{
    if (QFileInfo::exists(path) || QFileInfo(path).isSymLink())
        return Error{ErrorCode::InvalidArgument, "Not exported: there is a file of that name. It was not changed.", {}};
    QSaveFile file(path);
    if (!file.open(QFile::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
        return notWritten(file);
    for (;;) {
        if (progress && progress->stopped)
            return Error{ErrorCode::Cancelled, "Not exported: it was stopped. No file was left.", {}};
        // A thread of Qt's pool waits for one of the store.
        const Result<std::string> piece = reader->next().result();
        if (!piece)
            return piece.error();
        if (piece->empty())
            break;
        if (file.write(piece->data(), qint64(piece->size())) != qint64(piece->size()))
            return notWritten(file);
        if (progress)
            progress->done += piece->size();
    }
    return file.commit() ? Status() : Status(notWritten(file));
}

} // namespace

AttachmentService::AttachmentService(OpenVault &vault, ErasureService &erasures, PolicySource &policy,
                                     const Clock &clock, QObject *parent)
    : QObject(parent), m_vault(vault), m_erasures(erasures), m_policy(policy), m_clock(clock)
{
}

Async<AuditHead> AttachmentService::record(const std::string &event, Outcome outcome, const PolicyDecision &decision,
                                           const AuditObject &object, const std::string &corr,
                                           const std::optional<Error> &error)
{
    AuditEvent entry = records::decided(event, outcome, m_policy.current(), decision);
    entry.object = object;
    entry.corr = corr;
    if (error)
        entry.flags.push_back(records::errorFlag(*error));
    return appendRecord(this, m_vault, std::move(entry));
}

Async<Attachment> AttachmentService::add(MessageId message, std::string file, std::shared_ptr<Progress> progress)
{
    const PolicyDecision decision = mayAttach(m_policy.current());
    const std::string corr = AttemptId::make(m_clock.utcMs()).text();
    const QString name = QFileInfo(QString::fromStdString(file)).fileName();
    NewAttachment attachment;
    attachment.message = message;
    attachment.file = std::move(file);
    attachment.name = name.toStdString();
    attachment.mediaType = QMimeDatabase().mimeTypeForFile(name, QMimeDatabase::MatchExtension).name().toStdString();
    attachment.maxBytes = largestAttachment(m_policy.current());
    Deferred<Attachment> answer;
    whenReady(this,
              record("attachment.added", Outcome::Unknown, decision, records::object("message", message.text()), corr),
              [this, attachment, progress, decision, corr, answer](const Result<AuditHead> &head) {
                  if (!decision.allowed)
                      return answer.resolve(records::denied(decision, "Not attached"));
                  if (!head)
                      return answer.resolve(head.error());
                  addNow(attachment, progress, decision, corr, answer);
              });
    return answer.future();
}

void AttachmentService::addNow(NewAttachment attachment, const std::shared_ptr<Progress> &progress,
                               const PolicyDecision &decision, const std::string &corr,
                               const Deferred<Attachment> &answer)
{
    const MessageId message = attachment.message;
    const auto addition = m_vault.attachments().add(std::move(attachment));
    if (progress)
        follow(addition, progress);
    whenReady(this, addition->added(),
              [this, addition, message, decision, corr, answer](const Result<Attachment> &added) {
                  AuditObject object = added ? records::object("attachment", added->id.text())
                                             : records::object("message", message.text());
                  object.bytes = added ? std::int64_t(added->bytes) : 0;
                  const auto error = added ? std::nullopt : std::optional<Error>(added.error());
                  whenReady(this,
                            record("attachment.added", added ? Outcome::Success : Outcome::Failure, decision, object,
                                   corr, error),
                            [answer, added](const Result<AuditHead> &) { answer.resolve(added); });
              });
}

/// Hands the numbers on, and the wish to stop, as long as somebody else holds the addition.
void AttachmentService::follow(const std::shared_ptr<AttachmentAddition> &addition,
                               const std::shared_ptr<Progress> &progress)
{
    auto *timer = new QTimer(this);
    timer->setInterval(kFollowMs);
    connect(timer, &QTimer::timeout, this, [timer, progress, weak = std::weak_ptr(addition)] {
        const auto running = weak.lock();
        if (!running)
            return timer->deleteLater();
        progress->done = running->bytesDone();
        progress->total = running->bytesTotal();
        if (progress->stopped)
            running->cancel();
    });
    timer->start();
}

Async<std::vector<Attachment>> AttachmentService::list(ConversationId conversation)
{
    return m_vault.attachments().list(conversation);
}

Async<Attachment> AttachmentService::find(AttachmentId attachment)
{
    return m_vault.attachments().find(attachment);
}

Async<std::shared_ptr<AttachmentReader>> AttachmentService::read(AttachmentId attachment)
{
    return m_vault.attachments().read(attachment);
}

Async<Attachment> AttachmentService::exportTo(AttachmentId id, std::string file, std::shared_ptr<Progress> progress)
{
    return andThen(this, m_vault.attachments().find(id), [this, id, file, progress](const Attachment &attachment) {
        const PolicyDecision decision = mayExportAttachment(m_policy.current());
        const std::string corr = AttemptId::make(m_clock.utcMs()).text();
        AuditObject object = records::object("attachment", id.text());
        object.bytes = std::int64_t(attachment.bytes);
        Deferred<Attachment> answer;
        const auto attempted = record("attachment.exported", Outcome::Unknown, decision, object, corr);
        whenReady(this, attempted,
                  [this, attachment, file, progress, decision, object, corr, answer](const Result<AuditHead> &head) {
                      if (!decision.allowed)
                          return answer.resolve(records::denied(decision, "Not exported"));
                      if (!head)
                          return answer.resolve(head.error());
                      whenReady(this, exportNow(attachment, file, progress),
                                [this, decision, object, corr, answer](const Result<Attachment> &done) {
                                    const auto error = done ? std::nullopt : std::optional<Error>(done.error());
                                    whenReady(this,
                                              record("attachment.exported", done ? Outcome::Success : Outcome::Failure,
                                                     decision, object, corr, error),
                                              [answer, done](const Result<AuditHead> &) { answer.resolve(done); });
                                });
                  });
        return answer.future();
    });
}

Async<Attachment> AttachmentService::exportNow(const Attachment &attachment, std::string file,
                                               std::shared_ptr<Progress> progress)
{
    if (progress)
        progress->total = attachment.bytes;
    return andThen(this, m_vault.attachments().read(attachment.id),
                   [this, attachment, file = QString::fromStdString(file),
                    progress](const std::shared_ptr<AttachmentReader> &reader) {
                       const Async<void> written = QtConcurrent::run(
                           [reader, file, progress] { return writeDecrypted(reader, file, progress); });
                       return andThen(this, written, [attachment] { return ready<Attachment>(attachment); });
                   });
}

Async<void> AttachmentService::remove(AttachmentId attachment)
{
    return andThen(this, m_erasures.erase({{}, {}, {attachment}}),
                   [](const ErasureScope &) { return ready<void>({}); });
}

} // namespace tramontane
