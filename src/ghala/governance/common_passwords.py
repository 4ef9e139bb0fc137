"""Passwords that everybody tries first; only those of twelve characters and more, as shorter ones are refused anyway.

In lower case, and without blanks and signs: what is asked about is compared both as it stands and so.
"""

COMMON_PASSWORDS = frozenset(
    """
    0123456789 01234567890 012345678901 0123456789012 01234567890123456789 098765432109 111122223333 112233445566
    121212121212 123123123123 123321123321 1234512345 123456123456 123456654321 12345678900987654321 123456789012
    1234567890123 12345678901234 123456789012345 1234567890123456 1234567890qwerty 12345678910 1234567891011
    12345678987654321 123456789abc 123456789qwerty 1234qwerasdfzxcv 1234qwerty1234 123qweasdzxc 147258369147
    159357159357 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1q2w3e4r5t6y7u8i9o0p 1qaz2wsx3edc 1qaz2wsx3edc4rfv
    1qazxsw23edc 987654321098 9876543210987 abc123abc123 abcd12345678 abcd1234abcd abcd1234efgh abcdef123456
    abcdefg12345 abcdefg1234567 abcdefghijkl abcdefghijklm abcdefghijklmnop abcdefghijklmnopqrstuvwxyz admin1234567
    admin12345678 admin123456789 admin123admin adminadminadmin administrator administrator1 administrator12
    administrator123 adminpassword adminpassword1 alexander123 america123456 asdf1234asdf asdfasdfasdf asdfghjkl123
    asdfghjkl1234 asdfghjklqwerty baseball1234 basketball12 basketball123 changeit1234 changeme1234 changeme12345
    changemechangeme changemenow123 changemeplease charlie12345 chocolate123 computer1234 databasepassword
    default12345 defaultpassword dragon123456 football1234 football12345 guestguestguest helloworld12 helloworld123
    iloveyou1234 iloveyou12345 iloveyouforever iloveyousomuch internet1234 jesuschrist1 jordan232323 letmein12345
    letmein123456 letmeinletmein letmeinplease liverpool123 lovelovelove manchester123 michael12345 michelle1234
    minecraft123 monkey123456 mustang12345 mypassword12 mypassword123 mypassword1234 newpassword1 newpassword12
    newpassword123 nopassword12 p4ssw0rdp4ssw0rd pass12345678 pass123456789 pass1234pass passpasspass passw0rd1234
    passw0rd12345 passw0rdpassw0rd password0000 password1111 password1234 password12345 password123456
    password1234567 password12345678 password123456789 password1234567890 password123password password1password
    passwordpassword passwordpassword1 passwort1234 passwort12345 passwortpasswort pokemon12345 princess1234
    princess12345 q1w2e3r4t5y6 q1w2e3r4t5y6u7 q1w2e3r4t5y6u7i8 qazwsx123456 qazwsxedc123 qazwsxedcrfv
    qazwsxedcrfvtgb qazwsxqazwsx qwer1234qwer qwerasdfzxcv qwert1234567 qwerty123456 qwerty1234567 qwerty12345678
    qwerty123456789 qwerty123qwerty qwertyqwerty qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwertyuiop12345
    qwertyuiopasdf qwertyuiopasdfgh qwertyuiopasdfghjkl qwertyuiopasdfghjklzxcvbnm root12345678 rootrootroot
    secret123456 secretpassword secretsecret server123456 starwars1234 summer123456 sunshine1234 sunshine12345
    superman1234 superman12345 supersecret1 supersecret123 superuser123 system123456 temp12345678 temporary123
    temporarypassword temppassword temppassword1 test12345678 testpassword testpassword1 testtesttest
    thisismypassword trustno1trustno1 user12345678 userpassword welcome12345 welcome123456 welcome1welcome1
    welcomewelcome whatever1234 whatever12345 winter123456 yourpassword zaq12wsxcde3 zaq12wsxzaq12wsx zxcvbnm12345
    zxcvbnm123456 zxcvbnmasdfghjkl zxcvbnmzxcvbnm
    """.split()  # noqa: SIM905 - a list of hundreds of words reads better so
)
"""A short list on purpose: it stops the first guesses; the limits on signing in stop the others."""
