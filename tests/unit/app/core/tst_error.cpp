// SPDX-License-Identifier: Apache-2.0
#include "app/core/result.h"

#include <QTest>

#include <set>

using namespace tramontane;

class TestError : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyCodeHasANameOfItsOwn()
    {
        std::set<std::string_view> names;
        for (int i = int(ErrorCode::Internal); i <= int(ErrorCode::GrammarInvalid); ++i) {
            const auto code = ErrorCode(i);
            QVERIFY2(names.insert(errorName(code)).second, errorName(code).data());
            QCOMPARE(int(errorCodeFromName(errorName(code))), i);
        }
    }

    void anUnknownNameIsInternal()
    {
        QCOMPARE(errorCodeFromName("NO_SUCH_CODE"), ErrorCode::Internal);
        QCOMPARE(errorCodeFromName(""), ErrorCode::Internal);
    }

    void exitStatusFollowsTheContract_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("status");
        QTest::newRow("refused") << int(ErrorCode::PolicyDenied) << 1;
        QTest::newRow("log not writable") << int(ErrorCode::AuditUnavailable) << 1;
        QTest::newRow("usage") << int(ErrorCode::Usage) << 2;
        QTest::newRow("in use") << int(ErrorCode::VaultInUse) << 3;
        QTest::newRow("locked") << int(ErrorCode::VaultLocked) << 3;
        QTest::newRow("wrong passphrase") << int(ErrorCode::WrongPassphrase) << 3;
        QTest::newRow("damaged") << int(ErrorCode::VaultDamaged) << 4;
        QTest::newRow("damaged attachment") << int(ErrorCode::AttachmentDamaged) << 4;
        QTest::newRow("on hold") << int(ErrorCode::OnHold) << 1;
        QTest::newRow("broken log") << int(ErrorCode::AuditBroken) << 4;
        QTest::newRow("too large") << int(ErrorCode::ModelTooLarge) << 1;
        QTest::newRow("changed list") << int(ErrorCode::ManifestInvalid) << 4;
        QTest::newRow("unknown signer") << int(ErrorCode::UnknownSigner) << 5;
    }

    void exitStatusFollowsTheContract()
    {
        QFETCH(int, code);
        QFETCH(int, status);
        QCOMPARE(exitStatus(ErrorCode(code)), status);
    }

    void someErrorsMeanThatNothingCanBeRecorded()
    {
        for (const ErrorCode code :
             {ErrorCode::AuditUnavailable, ErrorCode::AuditBroken, ErrorCode::AuditRecordsMissing})
            QVERIFY(meansNoRecord(code));
        for (const ErrorCode code : {ErrorCode::VaultLocked, ErrorCode::NoSpace, ErrorCode::PolicyDenied})
            QVERIFY(!meansNoRecord(code));
    }

    void aResultHoldsAValueOrAnError()
    {
        Result<std::string> good(std::string("text"));
        QVERIFY(good.ok());
        QCOMPARE(*good, std::string("text"));
        Result<std::string> bad(Error{ErrorCode::NotFound, "There is no such thing.", ""});
        QVERIFY(!bad);
        QCOMPARE(bad.error().code, ErrorCode::NotFound);
        QVERIFY(Status().ok());
        QVERIFY(!Status(Error{ErrorCode::NoSpace, "The disk is full.", ""}).ok());
    }

    void aMoveOnlyValueCanBeTakenOut()
    {
        Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
        const std::unique_ptr<int> taken = std::move(result).value();
        QCOMPARE(*taken, 7);
    }
};

QTEST_APPLESS_MAIN(TestError)
#include "tst_error.moc"
