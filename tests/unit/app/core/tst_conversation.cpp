// SPDX-License-Identifier: Apache-2.0
#include "app/core/conversation.h"

#include <QTest>

using namespace tramontane;

class TestConversation : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyNameComesBack()
    {
        for (int i = 0; i <= int(Role::Tool); ++i)
            QVERIFY(roleFromName(roleName(Role(i))) == Role(i));
        for (int i = 0; i <= int(BlockKind::Notice); ++i)
            QVERIFY(blockKindFromName(blockKindName(BlockKind(i))) == BlockKind(i));
        for (int i = 0; i <= int(MessageState::Failed); ++i)
            QVERIFY(messageStateFromName(messageStateName(MessageState(i))) == MessageState(i));
    }

    void unknownNamesAreNothing()
    {
        QVERIFY(!roleFromName("developer"));
        QVERIFY(!blockKindFromName("Text"));
        QVERIFY(!messageStateFromName(""));
    }

    void plainTextLeavesOutWhatIsNotTheAnswer()
    {
        Message message;
        message.blocks = {{BlockKind::Reasoning, "thinking", ""},
                          {BlockKind::Text, "first", ""},
                          {BlockKind::Code, "int x;", "cpp"},
                          {BlockKind::Error, "The engine stopped.", "ENGINE_STOPPED"}};
        QCOMPARE(plainText(message), std::string("first\n\nint x;"));
    }
};

QTEST_APPLESS_MAIN(TestConversation)
#include "tst_conversation.moc"
