// SPDX-License-Identifier: Apache-2.0
#include "app/platform/keychain/keychain.h"

#include "app/platform/keychain/lock_probe.h"

#include <qt6keychain/keychain.h>

#include <sodium.h>

#include <string_view>

namespace tramontane {
namespace {

std::string describe(const QKeychain::Job &job)
{
    return "keychain error " + std::to_string(job.error()) + ": " + job.errorString().toStdString();
}

Error missing(const std::string &detail)
{
    return Error{ErrorCode::KeychainEntryMissing,
                 "The keychain has no key for this vault. The vault itself is untouched; open it with its passphrase.",
                 detail};
}

Error locked(const std::string &detail)
{
    return Error{ErrorCode::KeychainLocked, "The keychain is locked. Unlock it, or use a passphrase.", detail};
}

Error unavailable(const std::string &detail)
{
    return Error{ErrorCode::KeychainUnavailable, "The keychain of this system cannot be reached. Use a passphrase.",
                 detail};
}

/// In place, and so also the copy that the job holds: QByteArray shares its memory, and data() would detach.
void wipeShared(const QByteArray &bytes)
{
    if (!bytes.isEmpty())
        sodium_memzero(const_cast<char *>(bytes.constData()), std::size_t(bytes.size()));
}

} // namespace

// Jobs have no parent: the library answers to one that is gone when the keychain takes its time. They delete themselves.
Keychain::Keychain(QString service, QObject *parent) : QObject(parent), m_service(std::move(service)) {}

Async<std::shared_ptr<SecretBytes>> Keychain::read(std::string name)
{
    Deferred<std::shared_ptr<SecretBytes>> answer;
    auto *job = new QKeychain::ReadPasswordJob(m_service);
    job->setInsecureFallback(false);
    job->setKey(QString::fromStdString(name));
    connect(job, &QKeychain::Job::finished, this, [this, job, answer] {
        if (job->error() != QKeychain::NoError)
            return explain(*job, [answer](const Error &error) { answer.resolve(error); });
        const QByteArray bytes = job->binaryData();
        auto secret = std::make_shared<SecretBytes>(
            SecretBytes::copyOf(std::string_view(bytes.constData(), std::size_t(bytes.size()))));
        wipeShared(bytes);
        answer.resolve(std::move(secret));
    });
    job->start();
    return answer.future();
}

Async<void> Keychain::write(std::string name, std::shared_ptr<SecretBytes> secret)
{
    Deferred<void> answer;
    if (!secret || secret->empty()) {
        answer.resolve(Error{ErrorCode::InvalidArgument, "Nothing was written to the keychain: there is no key.", {}});
        return answer.future();
    }
    auto *job = new QKeychain::WritePasswordJob(m_service);
    job->setInsecureFallback(false);
    job->setKey(QString::fromStdString(name));
    const QByteArray bytes(reinterpret_cast<const char *>(secret->data()), qsizetype(secret->size()));
    job->setBinaryData(bytes);
    connect(job, &QKeychain::Job::finished, this, [this, job, name, secret, bytes, answer] {
        wipeShared(bytes);
        if (job->error() != QKeychain::NoError)
            return explain(*job, [answer](const Error &error) { answer.resolve(error); });
        readBack(name, secret, answer);
    });
    job->start();
    return answer.future();
}

void Keychain::explain(const QKeychain::Job &job, std::function<void(const Error &)> answer)
{
    const std::string detail = describe(job);
    const QKeychain::Error error = job.error();
    if (error == QKeychain::AccessDenied || error == QKeychain::AccessDeniedByUser)
        return answer(locked(detail));
    if (error == QKeychain::NoBackendAvailable || error == QKeychain::NotImplemented)
        return answer(unavailable(detail));
    whenReady(this, mayBeLocked(this, job.service(), job.key()), [error, detail, answer](const Result<bool> &isLocked) {
        if (isLocked && *isLocked)
            answer(locked(detail));
        else
            answer(error == QKeychain::EntryNotFound ? missing(detail) : unavailable(detail));
    });
}

void Keychain::readBack(const std::string &name, const std::shared_ptr<SecretBytes> &expected,
                        const Deferred<void> &answer)
{
    whenReady(this, read(name), [expected, answer](const Result<std::shared_ptr<SecretBytes>> &found) {
        if (!found)
            return answer.resolve(found.error());
        const SecretBytes &back = **found;
        const bool same =
            back.size() == expected->size() && sodium_memcmp(back.data(), expected->data(), back.size()) == 0;
        if (!same)
            return answer.resolve(Error{ErrorCode::KeychainUnavailable,
                                        "The keychain did not keep the key: something else came back. It is not used.",
                                        "read-back differs"});
        answer.resolve({});
    });
}

Async<void> Keychain::remove(std::string name)
{
    Deferred<void> answer;
    auto *job = new QKeychain::DeletePasswordJob(m_service);
    job->setInsecureFallback(false);
    job->setKey(QString::fromStdString(name));
    // What the library reports for a locked keychain depends on its implementation: only reading can tell.
    connect(job, &QKeychain::Job::finished, this, [this, name, answer] {
        whenReady(this, read(name), [answer](const Result<std::shared_ptr<SecretBytes>> &left) {
            if (left)
                answer.resolve(Error{ErrorCode::KeychainUnavailable, "The keychain did not remove the key.", {}});
            else
                answer.resolve(left.error().code == ErrorCode::KeychainEntryMissing ? Status{} : Status{left.error()});
        });
    });
    job->start();
    return answer.future();
}

} // namespace tramontane
