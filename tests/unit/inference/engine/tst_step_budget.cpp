// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/step_budget.h"

#include <QTest>

using namespace tramontane::engine;
using std::chrono::microseconds;

class TestStepBudget : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void beginsCarefully();
    void learnsWhatATokenCosts();
    void staysWithinItsBounds();
    void stepsWithFewTokensTeachNothing();
};

void TestStepBudget::beginsCarefully()
{
    QCOMPARE(StepBudget(512).promptTokens(), StepBudget::kLeast);
    QCOMPARE(StepBudget(8).promptTokens(), 8);
}

void TestStepBudget::learnsWhatATokenCosts()
{
    StepBudget budget(512);
    budget.measured(100, microseconds(100'000)); // 1 ms a token
    QCOMPARE(budget.promptTokens(), 192);        // 220, in steps of a tile
    for (int i = 0; i < 50; ++i)
        budget.measured(100, microseconds(50'000));
    QCOMPARE(budget.promptTokens(), 384); // 440
    for (int i = 0; i < 50; ++i)
        budget.measured(100, microseconds(200'000));
    QCOMPARE(budget.promptTokens(), 64); // 110
    for (int i = 0; i < 50; ++i)
        budget.measured(100, microseconds(400'000));
    QCOMPARE(budget.promptTokens(), 32); // 55: not even a tile
}

void TestStepBudget::staysWithinItsBounds()
{
    StepBudget slow(512);
    slow.measured(512, microseconds(60'000'000));
    QCOMPARE(slow.promptTokens(), StepBudget::kLeast);
    StepBudget fast(512);
    fast.measured(512, microseconds(1));
    QCOMPARE(fast.promptTokens(), 512);
    StepBudget tiny(8);
    tiny.measured(8, microseconds(60'000'000));
    QCOMPARE(tiny.promptTokens(), 8);
}

void TestStepBudget::stepsWithFewTokensTeachNothing()
{
    StepBudget budget(512);
    budget.measured(1, microseconds(100'000));
    budget.measured(64, microseconds(0));
    QCOMPARE(budget.promptTokens(), StepBudget::kLeast);
    budget.measured(64, microseconds(6'400));
    QCOMPARE(budget.promptTokens(), 512);
}

QTEST_APPLESS_MAIN(TestStepBudget)
#include "tst_step_budget.moc"
