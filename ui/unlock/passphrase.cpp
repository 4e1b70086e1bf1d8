// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/passphrase.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace tramontane::ui {
namespace {

constexpr double kFairBits = 36;
constexpr double kStrongBits = 48;
constexpr double kSymbolBits = 5;
constexpr double kRunShare = 0.25; // of the bits, for the third and later character of aaa, abc, 321

/// Bits of the n-th character of a row of letters or of digits: words and years are guessed whole.
constexpr std::array kRowBits{4.0, 3.0, 2.0, 1.5};

/// Pieces that people reach for first; each counts like one letter.
constexpr std::array kCommon{"password",   "passwort", "passwd",  "qwerty",     "qwertz",
                             "azerty",     "letmein",  "welcome", "willkommen", "admin",
                             "motdepasse", "geheim",   "secret",  "tramontane", "iloveyou"};

enum class Kind { Lower, Upper, Digit, Symbol };

Kind kindOf(QChar c)
{
    if (c.isDigit())
        return Kind::Digit;
    if (!c.isLetter())
        return Kind::Symbol;
    return c.isUpper() ? Kind::Upper : Kind::Lower;
}

/// A capital begins a word; what follows it in small letters goes on with it.
bool continuesRow(Kind before, Kind now)
{
    return now != Kind::Symbol && (before == now || (before == Kind::Upper && now == Kind::Lower));
}

double estimateBits(const QString &text)
{
    double bits = 0;
    std::size_t place = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const Kind kind = kindOf(text[i]);
        place = i > 0 && continuesRow(kindOf(text[i - 1]), kind) ? std::min(place + 1, kRowBits.size() - 1) : 0;
        double here = kind == Kind::Symbol ? kSymbolBits : kRowBits[place];
        const auto step = [&](qsizetype at) { return int(text[at].unicode()) - int(text[at - 1].unicode()); };
        if (i >= 2 && std::abs(step(i)) <= 1 && step(i) == step(i - 1))
            here *= kRunShare;
        bits += text[i].isSpace() ? 1 : here;
    }
    return bits;
}

} // namespace

int passphraseLength(const QString &passphrase)
{
    return int(std::count_if(passphrase.begin(), passphrase.end(), [](QChar c) { return !c.isLowSurrogate(); }));
}

PassphraseStrength passphraseStrength(const QString &passphrase)
{
    if (passphrase.isEmpty())
        return PassphraseStrength::Empty;
    if (passphraseLength(passphrase) < kLeastPassphraseLength)
        return PassphraseStrength::TooShort;
    QString judged = passphrase;
    for (const char *word : kCommon)
        judged.replace(QLatin1String(word), QLatin1String("a"), Qt::CaseInsensitive);
    const double bits = estimateBits(judged);
    judged.fill(QLatin1Char('\0'));
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
