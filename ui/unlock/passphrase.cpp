// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/passphrase.h"

#include <QSet>

#include <array>
#include <cmath>

namespace tramontane::ui {
namespace {

constexpr double kFairBits = 45;
constexpr double kStrongBits = 65;

/// Pieces that people reach for first; each counts as little as two characters.
constexpr std::array kCommon{"password", "passwort", "passwd", "qwerty", "qwertz", "azerty", "letmein", "welcome",
                             "willkommen", "admin", "motdepasse", "geheim", "secret", "tramontane", "iloveyou"};

int alphabetSize(const QString &text)
{
    bool lower = false, upper = false, digit = false, other = false, wide = false;
    for (const QChar c : text) {
        if (c.unicode() > 0x7F)
            wide = true;
        else if (c.isLower())
            lower = true;
        else if (c.isUpper())
            upper = true;
        else if (c.isDigit())
            digit = true;
        else
            other = true;
    }
    return (lower ? 26 : 0) + (upper ? 26 : 0) + (digit ? 10 : 0) + (other ? 20 : 0) + (wide ? 40 : 0);
}

/// How many characters carry something new: a repeat or a step of one (aaa, abc, 321) after two equal steps counts a
/// quarter.
double usefulLength(const QString &text)
{
    double useful = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool run = i >= 2 && std::abs(text[i].unicode() - text[i - 1].unicode()) <= 1
            && text[i].unicode() - text[i - 1].unicode() == text[i - 1].unicode() - text[i - 2].unicode();
        useful += run ? 0.25 : 1.0;
    }
    return useful;
}

} // namespace

PassphraseStrength passphraseStrength(const QString &passphrase)
{
    if (passphrase.isEmpty())
        return PassphraseStrength::Empty;
    if (passphrase.size() < kLeastPassphraseLength)
        return PassphraseStrength::TooShort;
    double length = usefulLength(passphrase);
    for (const char *word : kCommon) {
        const QString piece = QString::fromLatin1(word);
        if (passphrase.contains(piece, Qt::CaseInsensitive))
            length -= double(piece.size()) - 2;
    }
    const QSet<QChar> distinct(passphrase.begin(), passphrase.end());
    const double perCharacter = std::log2(std::max(2, std::min(alphabetSize(passphrase), int(distinct.size()) * 3)));
    const double bits = std::max(0.0, length) * perCharacter;
    if (bits < kFairBits)
        return PassphraseStrength::Weak;
    return bits < kStrongBits ? PassphraseStrength::Fair : PassphraseStrength::Strong;
}

std::shared_ptr<SecretBytes> takePassphrase(QString &passphrase)
{
    QByteArray utf8 = passphrase.toUtf8();
    auto secret = std::make_shared<SecretBytes>(
        SecretBytes::copyOf(std::string_view(utf8.constData(), std::size_t(utf8.size()))));
    utf8.fill('\0');
    passphrase.fill(QLatin1Char('\0'));
    passphrase.clear();
    return secret;
}

} // namespace tramontane::ui
